import { setTimeout as delay } from 'node:timers/promises';
import { wireOf } from '../observe/aws/source.ts';
import { awsKillPort } from '../respond/kill/aws-port.ts';
import { parseKillEvent } from './kill-event.ts';
import { createHandler } from './run-handler.ts';
import { awsEyes, runKill } from './run-kill.ts';
import { openStore } from './services.ts';

/** On request: stops a function, or puts it back. Answers what was done. */
export const handler = createHandler('kill', async ({ settings, log, event }) => {
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
