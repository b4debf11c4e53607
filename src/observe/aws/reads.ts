import { monitorCost } from '../../price/monitor-cost.ts';
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

/** Dollars of these reads at list price; the free million requests a month of CloudWatch and SQS are not deducted. */
export function readsUsd({ metricRequests, cloudWatchRequests, sqsRequests }: Reads): number {
  return monitorCost({ metricRequests, cloudWatchRequests, apiRequests: sqsRequests });
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
