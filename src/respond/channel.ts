import type { Alert } from '../model/alert.ts';

export type SendResult =
  | { readonly ok: true }
  /** `retryable`: the next tick tries again. `failure` is a class for metrics, never a secret. */
  | { readonly ok: false; readonly retryable: boolean; readonly failure: string };

/** A way to tell people. Rendering is pure and apart; `send` is the I/O and never throws. */
export interface Channel {
  readonly name: 'slack' | 'sns' | 'console' | 'eventbridge';
  send(alert: Alert): Promise<SendResult>;
}
