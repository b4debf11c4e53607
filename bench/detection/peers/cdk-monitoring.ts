import { Duration } from 'aws-cdk-lib';
import { MonitoringFacade } from 'cdk-monitoring-constructs';
import type { Inventory } from '../../../src/model/inventory.ts';
import { type Alarm, alarmsOf } from '../cloudwatch/definition.ts';
import { accountStack } from './account-stack.ts';

/**
 * Without being asked cdk-monitoring-constructs creates no alarm. These are the ones of its own examples whose thresholds say
 * something of any workload: the P50 latency alarm of its README ("Monitoring scopes"), and, of the unit tests to which the
 * README sends its readers for examples (LambdaFunctionMonitoring, SqsQueueMonitoringWithDlq, "all alarms"), faults, throttles,
 * iterator age and both of the dead-letter queue. Left out are made-up latencies of milliseconds, numbers of running tasks and
 * of messages, and alarms on too little traffic. How often they must breach is the library's default: 3 of 3 periods of 5 min.
 */
export function cdkMonitoringAlarms(inventory: Inventory): readonly Alarm[] {
  const account = accountStack(inventory);
  const monitoring = new MonitoringFacade(account.stack, 'Monitoring', {});
  for (const fn of inventory.functions) {
    const lambdaFunction = account.functions.get(fn.name);
    if (lambdaFunction === undefined) continue;
    const readsStream = fn.eventSources.some(({ kind }) => kind !== 'sqs');
    monitoring.monitorLambdaFunction({
      lambdaFunction,
      alarmFriendlyName: fn.name,
      addLatencyP50Alarm: { Critical: { maxLatency: Duration.seconds(10) } },
      addFaultCountAlarm: { Warning: { maxErrorCount: 2 } },
      addThrottlesCountAlarm: { Warning: { maxErrorCount: 2 } },
      ...(readsStream ? { addMaxIteratorAgeAlarm: { Warning: { maxAgeInMillis: 1_000_000 } } } : {}),
    });
  }
  for (const { name, redrive } of inventory.queues) {
    const queue = account.queues.get(name);
    const deadLetterQueue = redrive === null ? undefined : account.queues.get(redrive.deadLetterQueue);
    if (queue === undefined || deadLetterQueue === undefined) continue;
    monitoring.monitorSqsQueueWithDlq({
      queue,
      deadLetterQueue,
      alarmFriendlyName: name,
      addDeadLetterQueueMaxSizeAlarm: { Critical: { maxMessageCount: 2 } },
      addDeadLetterQueueMaxIncomingMessagesAlarm: { Critical: { maxIncomingMessagesCount: 5 } },
    });
  }
  return alarmsOf(account.synthesize());
}
