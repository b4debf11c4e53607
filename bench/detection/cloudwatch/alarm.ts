/**
 * How CloudWatch decides about an alarm, as its user guide documents it: "Alarm evaluation" and "Configuring how CloudWatch
 * alarms treat missing data" (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring, read in 2026).
 */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export type MissingData = 'missing' | 'notBreaching' | 'breaching' | 'ignore';

export type Comparison =
  | 'GreaterThanThreshold'
  | 'GreaterThanOrEqualToThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold'
  | 'GreaterThanUpperThreshold';

export type Datapoint = 'ok' | 'breaching' | 'missing';

export interface AlarmRule {
  /** Evaluation Periods, N. */
  readonly evaluationPeriods: number;
  /** Datapoints to Alarm, M. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingData;
}

/**
 * Datapoints that are looked at: more than the Evaluation Periods, so that older ones may stand in for missing ones. The guide
 * gives no formula; its examples have 5 for 3.
 */
export function evaluationRange({ evaluationPeriods }: Pick<AlarmRule, 'evaluationPeriods'>): number {
  return evaluationPeriods + 2;
}

/** NaN: there is no datapoint. */
export function datapointOf(value: number, comparison: Comparison, threshold: number): Datapoint {
  if (Number.isNaN(value)) return 'missing';
  return isBreaching(value, comparison, threshold) ? 'breaching' : 'ok';
}

function isBreaching(value: number, comparison: Comparison, threshold: number): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
    case 'GreaterThanUpperThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

/** The state after an evaluation of the evaluation range, oldest datapoint first. */
export function nextState(range: readonly Datapoint[], rule: AlarmRule, current: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm } = rule;
  const real = range.filter((point) => point !== 'missing');
  // Enough real ones: what to do about missing ones is not asked.
  if (real.length >= evaluationPeriods)
    return byCount(real.slice(real.length - evaluationPeriods), datapointsToAlarm);
  const breaching = real.filter((point) => point === 'breaching').length;
  const filled = evaluationPeriods - real.length;
  switch (rule.treatMissingData) {
    case 'breaching':
      return breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return breaching >= datapointsToAlarm ? 'ALARM' : 'OK';
    case 'ignore':
      if (breaching >= datapointsToAlarm) return 'ALARM';
      return breaching < real.length ? 'OK' : current;
    case 'missing':
      if (real.length === 0) return 'INSUFFICIENT_DATA';
      if (breaching >= datapointsToAlarm) return 'ALARM';
      if (breaching < real.length) return 'OK';
      return isPremature(range, datapointsToAlarm) ? current : 'ALARM';
  }
}

function byCount(points: readonly Datapoint[], datapointsToAlarm: number): AlarmState {
  return points.filter((point) => point === 'breaching').length >= datapointsToAlarm ? 'ALARM' : 'OK';
}

/** Breaching datapoints alone, the oldest of them newer than Datapoints to Alarm: the next may be a good one. */
function isPremature(range: readonly Datapoint[], datapointsToAlarm: number): boolean {
  return range.length - range.indexOf('breaching') < datapointsToAlarm;
}
