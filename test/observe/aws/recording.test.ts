import { join } from 'node:path';
import { DAY_MS, MINUTE_MS } from '../../../src/model/time.ts';
import { createPartial } from '../../../src/observe/aws/partial-file.ts';
import { readParts, writeTraceFile } from '../../../src/observe/aws/recording.ts';
import { planRecording } from '../../../src/observe/aws/recording-plan.ts';
import { readTraceFile } from '../../../src/observe/trace/read-file.ts';
import { traceSource } from '../../../src/observe/trace/trace-source.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { sourceContract } from '../source-contract.ts';
import { busyOrders, NOW } from './account.ts';
import { fakeAws } from './fake-aws.ts';
import { fakeWire } from './wire.ts';

const folder = temporaryFolder('recording');

sourceContract('a recording of an account, replayed', async () => {
  const wire = fakeWire(fakeAws(busyOrders()));
  const path = join(folder, 'trace.json.gz');
  const plan = await planRecording(wire, { now: NOW, sinceMs: 14 * DAY_MS, functions: [] });
  const file = await createPartial(`${path}.partial`, plan);
  await readParts(wire, file, () => undefined);
  await writeTraceFile(file, path, { pseudonymise: true });
  const trace = await readTraceFile(path);
  return {
    source: traceSource(trace),
    firstTickAt: trace.startAt + (trace.periods - 10) * MINUTE_MS + trace.publishDelayMs,
    publishDelayMs: trace.publishDelayMs,
  };
});
