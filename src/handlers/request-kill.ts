import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { KillRequest } from '../model/kill.ts';

/** What the kill function is sent. */
export interface KillEvent {
  readonly kind: 'kill';
  readonly request: KillRequest;
}

/** Hands a decision to the one function that may act on it; asynchronous, so that a tick never waits for a kill. */
export async function requestKill(
  client: LambdaClient,
  functionName: string,
  request: KillRequest,
): Promise<void> {
  const event: KillEvent = { kind: 'kill', request };
  await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(event)),
    }),
  );
}
