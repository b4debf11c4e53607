import { incidentJson } from '../model/incident-json.ts';
import { toIso, toIsoOrNull } from '../model/time.ts';
import type { ReportModel } from './model.ts';

/** The report for machines; a minute without a datapoint is `null`. */
export function reportJson(model: ReportModel): object {
  const { series, withoutAction, fixes } = model;
  return {
    format: 'firebreak-report/1',
    generatedAt: toIso(model.generatedAt),
    account: model.account,
    region: model.region,
    incident: incidentJson(model.incident),
    timeline: model.moments.map((moment) => ({ ...moment, at: toIso(moment.at) })),
    withoutAction: withoutAction.ok
      ? {
          ...withoutAction.value,
          sinceAt: toIso(withoutAction.value.sinceAt),
          endsAt: toIsoOrNull(withoutAction.value.endsAt),
        }
      : null,
    settings: model.settings,
    fixes: fixes.ok ? fixes.value : null,
    series: series.ok ? { ...minutesOf(series.value), source: model.seriesSource } : null,
    missing: [series, withoutAction, fixes].flatMap((part) => (part.ok ? [] : [part.why])),
  };
}

function minutesOf({ startAt, minutes, ...values }: { startAt: number; minutes: number }): object {
  const lists = Object.entries(values).map(([name, list]: [string, unknown]) => [
    name,
    list instanceof Float64Array
      ? Array.from(list, (value) => (Number.isFinite(value) ? value : null))
      : null,
  ]);
  return { startAt: toIso(startAt), minutes, ...Object.fromEntries(lists) };
}
