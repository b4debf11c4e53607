import type { CallPolicy } from './calls.ts';

/** What observing asked of AWS so far: the monitor's own bill. Retried attempts count, as AWS counts them. */
export interface Reads {
  /** Metrics requested through GetMetricData; several statistics of one metric are one. */
  readonly metricRequests: number;
  /** Calls of ListMetrics and GetMetricStatistics. */
  readonly cloudWatchRequests: number;
  readonly sqsRequests: number;
  /** Lambda and STS calls: free. */
  readonly freeRequests: number;
  /** All calls, GetMetricData included. */
  readonly apiRequests: number;
}

export interface ReadCounter {
  /** `billedMetrics`: of a GetMetricData call; absent for all others. */
  count(service: CallPolicy['service'], attempts: number, billedMetrics?: number): void;
  total(): Reads;
}

/** Amazon CloudWatch pricing, us-east-1, 2026-08: GetMetricData, per metric requested. */
const USD_PER_METRIC = 0.01 / 1_000;
/** Same source: ListMetrics and GetMetricStatistics, per request, after the first million of a month. */
const USD_PER_CLOUDWATCH_REQUEST = 0.01 / 1_000;
/** Amazon SQS pricing, 2026-06: standard queue requests after the first million of a month. */
const USD_PER_SQS_REQUEST = 0.4 / 1_000_000;

/** Price of reading `metrics` metrics through GetMetricData. */
export function metricRequestsUsd(metrics: number): number {
  return metrics * USD_PER_METRIC;
}

/** List price of these reads; the free million requests a month of CloudWatch and SQS are not deducted. */
export function readsUsd(reads: Reads): number {
  return (
    metricRequestsUsd(reads.metricRequests) +
    reads.cloudWatchRequests * USD_PER_CLOUDWATCH_REQUEST +
    reads.sqsRequests * USD_PER_SQS_REQUEST
  );
}

export function readCounter(): ReadCounter {
  let total: Reads = {
    metricRequests: 0,
    cloudWatchRequests: 0,
    sqsRequests: 0,
    freeRequests: 0,
    apiRequests: 0,
  };
  return {
    count(service, attempts, billedMetrics) {
      const other = billedMetrics === undefined;
      total = {
        metricRequests: total.metricRequests + (billedMetrics ?? 0),
        cloudWatchRequests: total.cloudWatchRequests + (service === 'cloudwatch' && other ? attempts : 0),
        sqsRequests: total.sqsRequests + (service === 'sqs' ? attempts : 0),
        freeRequests: total.freeRequests + (service === 'lambda' || service === 'sts' ? attempts : 0),
        apiRequests: total.apiRequests + attempts,
      };
    },
    total: () => total,
  };
}
