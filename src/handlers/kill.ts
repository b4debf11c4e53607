import { setTimeout as delay } from 'node:timers/promises';
import { wireOf } from '../observe/aws/source.ts';
import { awsKillPort } from '../respond/kill/aws-port.ts';
import { guardDeletion, parseDeletionRequest } from './deletion-guard.ts';
import { parseKillEvent } from './kill-event.ts';
import { createHandler } from './run-handler.ts';
import { awsEyes, runKill } from './run-kill.ts';
import { openStore } from './services.ts';

const ANSWER_TIMEOUT_MS = 20_000;

/** On request: stops a function, or puts it back. Answers what was done. CloudFormation asks it before the stack goes. */
export const handler = createHandler('kill', async ({ settings, log, event }) => {
  const deletion = parseDeletionRequest(event);
  if (deletion !== null) {
    const answer = await guardDeletion(deletion, openStore(settings, log));
    log.info(`deletion guard: ${answer.Status}`, { reason: answer.Reason, request: deletion.RequestType });
    const body = JSON.stringify(answer);
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const { ok, status } = await fetch(deletion.ResponseURL, { method: 'PUT', body, signal });
    if (!ok) log.error('CloudFormation did not take the answer', { status });
    return answer;
  }
  const request = parseKillEvent(event);
  log.info('asked', { event: request });
  const wire = wireOf({ region: settings.region });
  const answer = await runKill(request, {
    eyes: awsEyes(wire, Date.now),
    log,
    store: openStore(settings, log),
    port: awsKillPort(wire.clients.lambda),
    config: settings.config,
    now: Date.now,
    sleep: (ms) => delay(ms),
    progress: (line) => log.info(line),
  });
  log.info(answer.kind, { ...answer });
  return answer;
});
