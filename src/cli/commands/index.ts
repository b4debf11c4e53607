import type { Register } from '../register.ts';

/**
 * Every command by name, in the order of the help text. Each is loaded only when it is wanted: together they bring every AWS
 * client along, and `firebreak kill` should not wait for the price list.
 */
export const commands: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import('./demo.ts')).registerDemo,
  init: async () => (await import('./init.ts')).registerInit,
  watch: async () => (await import('./watch.ts')).registerWatch,
  status: async () => (await import('./status.ts')).registerStatus,
  incidents: async () => (await import('./incidents.ts')).registerIncidents,
  forecast: async () => (await import('./forecast.ts')).registerForecast,
  kill: async () => (await import('./kill.ts')).registerKill,
  restore: async () => (await import('./restore.ts')).registerRestore,
  report: async () => (await import('./report.ts')).registerReport,
  audit: async () => (await import('./audit.ts')).registerAudit,
  record: async () => (await import('./record.ts')).registerRecord,
  backtest: async () => (await import('./backtest.ts')).registerBacktest,
  'cost-of-monitoring': async () => (await import('./cost-of-monitoring.ts')).registerCostOfMonitoring,
  'score-series': async () => (await import('./score-series.ts')).registerScoreSeries,
  prices: async () => (await import('./prices.ts')).registerPrices,
  config: async () => (await import('./config.ts')).registerConfig,
  'test-alert': async () => (await import('./test-alert.ts')).registerTestAlert,
  doctor: async () => (await import('./doctor.ts')).registerDoctor,
  completion: async () => (await import('./completion.ts')).registerCompletion,
  schema: async () => (await import('./schema.ts')).registerSchema,
};
