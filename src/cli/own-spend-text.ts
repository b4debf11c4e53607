import { formatUsd } from '../model/format.ts';
import { toIso, utcText } from '../model/time.ts';
import type { MonitorLedger } from '../price/monitor-ledger.ts';
import type { Thrift } from '../price/monitor-pace.ts';
import type { OwnSpendTotal } from '../run/own-spend.ts';

/** What firebreak itself costs, as `status` says it; nothing where no account was kept. */
export function ownSpendLines(spend: OwnSpendTotal | null): readonly string[] {
  if (spend === null) return [];
  const yesterday = spend.lastDayUsd === null ? '' : `, ${formatUsd(spend.lastDayUsd)} yesterday`;
  return [`firebreak itself: ${formatUsd(spend.monthUsd)} this month${yesterday}`];
}

/** That less is read because of the ceiling, since when; `null`: nothing is saved. */
export function thriftLine(ledger: Pick<MonitorLedger, 'thrift' | 'thriftAt'> | null): string | null {
  if (ledger === null || ledger.thrift === 0) return null;
  return `It reads less since ${utcText(ledger.thriftAt)}, to stay below monitorBudgetUsd (step ${ledger.thrift} of 4): trouble is seen later, last where most can burn`;
}

/** What `watch` says once when it changes. */
export function thriftText(thrift: Thrift, ceilingUsd: number | null): string {
  if (thrift === 0 || ceilingUsd === null) return 'reads as often as it should again';
  return `reads less from now on, to stay below ${formatUsd(ceilingUsd)} a month (step ${thrift} of 4)`;
}

/** As `--json` has it. */
export function ownSpendJson(spend: OwnSpendTotal | null) {
  return spend === null
    ? null
    : {
        monthUsd: spend.monthUsd,
        lastDayUsd: spend.lastDayUsd,
        thrift: spend.thrifty?.thrift ?? 0,
        thriftAt: spend.thrifty === null ? null : toIso(spend.thrifty.thriftAt),
      };
}
