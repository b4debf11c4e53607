import type { Register } from '../register.ts';

/**
 * Every command by name, in the order of the help text. Each is loaded only when it is wanted: together they bring every AWS
 * client along, and `firebreak kill` should not wait for the price list.
 */
export const commands: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import('./demo.ts')).registerDemo,
  init: async () => (await import('./init.ts')).registerInit,
  doctor: async () => (await import('./doctor.ts')).registerDoctor,
  'test-alert': async () => (await import('./test-alert.ts')).registerTestAlert,
  watch: async () => (await import('./watch.ts')).registerWatch,
  status: async () => (await import('./status.ts')).registerStatus,
  incidents: async () => (await import('./incidents.ts')).registerIncidents,
  kill: async () => (await import('./kill.ts')).registerKill,
  restore: async () => (await import('./restore.ts')).registerRestore,
  report: async () => (await import('./report.ts')).registerReport,
  audit: async () => (await import('./audit.ts')).registerAudit,
  record: async () => (await import('./record.ts')).registerRecord,
  backtest: async () => (await import('./backtest.ts')).registerBacktest,
  'score-series': async () => (await import('./score-series.ts')).registerScoreSeries,
  forecast: async () => (await import('./forecast.ts')).registerForecast,
  bill: async () => (await import('./bill.ts')).registerBill,
  suggest: async () => (await import('./suggest.ts')).registerSuggest,
  'cost-of-monitoring': async () => (await import('./cost-of-monitoring.ts')).registerCostOfMonitoring,
  prices: async () => (await import('./prices.ts')).registerPrices,
  config: async () => (await import('./config.ts')).registerConfig,
  schema: async () => (await import('./schema.ts')).registerSchema,
  completion: async () => (await import('./completion.ts')).registerCompletion,
};

/** Headings of the help text, by what a person is up to; each command stands below one. */
export const COMMAND_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Begin:': ['demo', 'init', 'doctor', 'test-alert'],
  'At night:': ['watch', 'status', 'incidents', 'kill', 'restore', 'report'],
  'What could happen, and what did:': ['audit', 'record', 'backtest', 'score-series'],
  'Money:': ['forecast', 'bill', 'suggest', 'cost-of-monitoring', 'prices'],
  'Settings and scripts:': ['config', 'schema', 'completion'],
};
