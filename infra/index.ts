export { FirebreakAlarms, type FirebreakAlarmsProps } from './alarms-aspect.ts';
export { Firebreak } from './firebreak.ts';
export { FirebreakStack, type FirebreakStackProps } from './firebreak-stack.ts';
export { FirebreakHub, type FirebreakHubProps } from './hub.ts';
export type { BudgetProps, FirebreakProps, KillSwitchProps, PricingProps } from './props.ts';
