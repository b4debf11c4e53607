import { audit } from '../audit/audit.ts';
import { auditSubjectOfInventory } from '../audit/from-inventory.ts';
import { assess } from '../decide/assess.ts';
import { withPulledLever } from '../decide/kill-watch.ts';
import type { Alert } from '../model/alert.ts';
import type { Baselines } from '../model/baseline.ts';
import type { Config } from '../model/config.ts';
import type { Incident } from '../model/incident.ts';
import type { Inventory } from '../model/inventory.ts';
import type { KillRecord } from '../model/kill.ts';
import type { EpochMs } from '../model/time.ts';
import type { Window } from '../model/window.ts';
import { pricingOf } from '../price/month-so-far.ts';
import { pricesFor } from '../price/region-prices.ts';
import { story } from '../respond/alert/words.ts';
import { isChange, killedValue, priorValue, settingName, valueText } from '../respond/kill/settings.ts';
import type { Known, ReportModel, SettingChange, WithoutAction } from './model.ts';
import { momentsOf } from './moments.ts';
import { findingAt, reportSeries, type SeriesInput, windowUntil } from './series.ts';

export interface ReportInput {
  readonly incident: Incident;
  /** The kill that belongs to it, restored or not; `null`: nothing was stopped. */
  readonly kill: KillRecord | null;
  readonly account: string;
  readonly region: string;
  readonly window: Known<Window>;
  readonly seriesSource: string;
  /** `null`: none are kept; detectors use their priors. */
  readonly baselines: Baselines | null;
  readonly config: Config;
  readonly now: EpochMs;
}

const NO_BASELINES: Baselines = { builtAt: 0, functions: new Map(), queues: new Map() };

/** Everything the report says, worked out. Pure. */
export function buildReport(input: ReportInput): ReportModel {
  const { incident, kill, account, region, now, window } = input;
  const series: Known<SeriesInput> = window.ok
    ? { ok: true, value: { ...input, window: window.value, baselines: input.baselines ?? NO_BASELINES } }
    : window;
  return {
    generatedAt: now,
    account,
    region,
    incident,
    kill,
    story: story(alertNow(input)),
    moments: momentsOf(incident, kill),
    series: series.ok ? { ok: true, value: reportSeries(series.value) } : series,
    seriesSource: input.seriesSource,
    withoutAction: withoutAction(incident, kill, series),
    settings: kill === null ? [] : settingsOf(kill),
    fixes: window.ok ? { ok: true, value: fixesOf(input, window.value.inventory) } : window,
  };
}

/** The alert that would be sent about the incident as it is now: its words open the report. */
function alertNow({ incident, kill, account, region, now }: ReportInput): Alert {
  const about = {
    incident: kill === null ? incident : withPulledLever(incident, kill),
    account,
    region,
    at: incident.resolvedAt ?? now,
  };
  const alert = (transition: Alert['transition'], reason: Alert['reason']): Alert => ({
    key: `${incident.id}#report`,
    transition,
    reason,
    ...about,
  });
  const isStopped = kill?.state === 'killed';
  if (incident.state === 'resolved') {
    return alert('resolved', isStopped ? 'quiet-while-stopped' : 'quiet-again');
  }
  if (isStopped) return alert('killed', 'kill-switch-used');
  if (incident.state === 'critical') return alert('critical', 'money-at-stake');
  return alert('opened', 'first-evidence-is-enough');
}

/** Priced with the engine's own projection, at the instant of the kill; while nothing was stopped, as the incident says. */
function withoutAction(
  incident: Incident,
  kill: KillRecord | null,
  series: Known<SeriesInput>,
): Known<WithoutAction> {
  if (kill?.killedAt == null) {
    if (incident.state === 'resolved') {
      return { ok: false, why: 'Nothing was stopped: it ended without the kill switch.' };
    }
    const { projectedUsd, projected24hUsd, endsAt, endsBecause } = incident.burn;
    const sinceAt = incident.evaluatedAt;
    return {
      ok: true,
      value: { sinceAt, usdIn24Hours: projected24hUsd, usd: projectedUsd, endsAt, endsBecause },
    };
  }
  if (!series.ok) return series;
  const finding = findingAt(series.value, kill.killedAt);
  if (finding === null) {
    return { ok: false, why: 'What was read does not reach back far enough to price it.' };
  }
  const window = windowUntil(series.value.window, kill.killedAt);
  const { burn } = assess({
    now: kill.killedAt,
    window,
    finding: { ...finding, wastedShare: finding.wastedShare?.subarray(0, window.minutes) ?? null },
    incident: null,
    config: series.value.config,
    pricing: pricingOf(series.value.config.pricing, series.value.baselines),
  });
  return {
    ok: true,
    value: {
      sinceAt: kill.killedAt,
      usdIn24Hours: burn.projected24hUsd,
      usd: burn.projectedUsd,
      endsAt: burn.endsAt,
      endsBecause: burn.endsBecause,
    },
  };
}

function settingsOf(kill: KillRecord): readonly SettingChange[] {
  return kill.steps.filter(isChange).map((step) => ({
    name: settingName(step),
    before: valueText(priorValue(step)),
    killed: valueText(killedValue(step)),
    after: kill.state === 'restored' ? valueText(priorValue(step)) : null,
  }));
}

/** What the audit says of the incident's own functions and queues, as far as the inventory tells. */
function fixesOf({ incident, config, now }: ReportInput, inventory: Inventory) {
  const { findings } = audit({
    subject: auditSubjectOfInventory(inventory, now),
    prices: pricesFor(inventory.region),
    pricing: config.pricing,
    now,
    suppressions: [],
  });
  const concerned = new Set([...incident.functions, ...incident.queues]);
  return findings.filter(({ resource }) => resource.split(' -> ').some((name) => concerned.has(name)));
}
