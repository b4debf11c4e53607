import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Color,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  type Metric,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { HandlerFunction } from './handler-function.ts';
import type { OwnMetric } from './own-metrics.ts';

export interface MonitorDashboardProps {
  readonly own: OwnMetric;
  readonly alarms: readonly IAlarm[];
  readonly handlers: readonly HandlerFunction[];
}

const FULL_WIDTH = 24;
const HALF_WIDTH = FULL_WIDTH / 2;

/** One page: what burns now, which incidents there are, whether firebreak itself is well, and what it costs. */
export class MonitorDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { own, alarms, handlers }: MonitorDashboardProps) {
    super(scope, id);
    const hourly = { statistic: Stats.AVERAGE, period: Duration.hours(1) };
    this.dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(12),
      widgets: [
        [
          new SingleValueWidget({
            title: 'Now',
            width: FULL_WIDTH,
            height: 3,
            metrics: [
              own('BurnUsdPerHour', { label: 'burning, $ an hour' }),
              own('WastedUsdPerHour', { label: 'of it waste, $ an hour' }),
              own('OpenIncidents', { label: 'open incidents' }),
              own('MonitorUsd', { label: 'firebreak itself, $ a month' }),
            ],
          }),
        ],
        [
          graph('Burn, $ an hour', [
            own('BurnUsdPerHour', { label: 'all functions' }),
            own('WastedUsdPerHour', { color: Color.RED, label: 'waste of incidents' }),
          ]),
          graph('Incidents', [own('OpenIncidents', { label: 'open' })]),
        ],
        [
          new AlarmStatusWidget({
            title: 'Is firebreak well?',
            width: FULL_WIDTH,
            height: 4,
            alarms: [...alarms],
          }),
        ],
        [
          graph('Ticks, ms', [
            own('TickDurationMs', { label: 'duration' }),
            own('TickLagMs', { label: 'lag behind the minute' }),
          ]),
          graph('What ticks could not do', [
            own('ReadGaps', { label: 'read gaps' }),
            own('Undelivered', { label: 'undelivered alerts' }),
          ]),
        ],
        [
          graph('Errors and throttles of its functions', failuresOf(handlers)),
          graph('What its dollars are worth', [
            own('MonitorUsd', { ...hourly, label: 'own bill, $ a month at the present rate' }),
            own('MonitorDayUsd', { period: Duration.days(1), label: 'own bill of the day before, $' }),
            own('MonitorThrift', { ...hourly, label: 'step of saving, 0 to 4' }),
            own('BilledRatio', { period: Duration.days(1), label: 'billed / computed' }),
          ]),
        ],
      ],
    });
  }
}

function failuresOf(handlers: readonly HandlerFunction[]): readonly Metric[] {
  const period = Duration.minutes(5);
  return handlers.flatMap(({ fn, node }) => [
    fn.metricErrors({ period, label: `${node.id.toLowerCase()} errors` }),
    fn.metricThrottles({ period, label: `${node.id.toLowerCase()} throttles` }),
  ]);
}

function graph(title: string, metrics: readonly IMetric[]): IWidget {
  return new GraphWidget({ title, width: HALF_WIDTH, height: 6, left: [...metrics], leftYAxis: { min: 0 } });
}
