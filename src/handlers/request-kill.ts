import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { KillEvent } from './kill-event.ts';

/** Hands a decision to the one function that may act on it; asynchronous, so that a tick never waits for a kill. */
export async function requestKill(
  client: LambdaClient,
  functionName: string,
  event: Extract<KillEvent, { kind: 'automatic' | 'canary' }>,
): Promise<void> {
  await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(event)),
    }),
  );
}
