import { expect, it } from 'vitest';
import type { Call } from './chaos/faulty-proxy.ts';
import { type Bundles, bundleHandlers, type Monitor, openMonitor } from './chaos/monitor.ts';
import { ROWS, type Row } from './chaos/rows.ts';
import { deploy, settingsOf } from './pipeline.ts';
import { describeWithEmulator, openWorld } from './world.ts';

const TICKS_MAX = 10;
const RESTORES_MAX = 4;

describeWithEmulator('over the wire goes wrong:', () => {
  const shared = openWorld('chaos');
  let bundles: Promise<Bundles> | undefined;

  const rows = ROWS.map((row) => ({ ...row, world: openWorld(`chaos: ${row.name}`) }));
  it.concurrent.for(rows)('$name', async (row, { onTestFinished }) => {
    bundles ??= bundleHandlers(`${shared.folder}/handlers`);
    const monitor = await openMonitor(row.world, await bundles, onTestFinished);
    const before = await settingsOf(row.world, monitor.pipeline);

    const ticks = await ticksUntil(monitor, row, 'killed');
    expect(ticks[0], monitor.log()).toBe(row.firstTick ?? 'done');
    expect(await settingsOf(row.world, monitor.pipeline)).toMatchObject({ mapping: { State: 'Disabled' } });

    await deploy(row.world, monitor.pipeline, 'healthy');
    row.beforeRestore?.(monitor);
    await restore(monitor);
    monitor.proxy.fate = () => null;
    await ticksUntil(monitor, {}, 'restored');
    expect(await settingsOf(row.world, monitor.pipeline)).toEqual(before);
    expect(monitor.proxy.met.length > 0, 'the fault was met').toBe(row.isFaulty === true);

    const { functionName } = monitor.pipeline;
    expect(await monitor.store.kills()).toMatchObject([{ functionName, state: 'restored' }]);
    // Asked for once more where nobody knew that it had been done; never stopped again after that.
    expect(switches(monitor).filter((enabled, i, all) => enabled !== all[i - 1])).toEqual([false, true]);
    for (const { name, told } of await ledgers(monitor)) {
      const keys = told.map(({ key }) => key);
      expect(
        recorded(monitor).filter((key) => !keys.includes(key)),
        `lost on ${name}`,
      ).toEqual([]);
      const incidents = new Set(told.map(({ incidentId }) => incidentId));
      expect(incidents.size, name).toBe(1);
      expect(
        told.map(({ transition }) => transition),
        name,
      ).toEqual(expect.arrayContaining([expect.stringMatching(/^(opened|critical)$/), 'killed', 'restored']));
      for (const { key, incidentId, transition } of told)
        expect(key).toContain(`${incidentId}#${transition}`);
      const twice = keys.filter((key, i) => keys.indexOf(key) !== i);
      expect(twice.length, `told twice on ${name}: ${twice}`).toBeLessThanOrEqual(
        row.mayTellTwice === true ? 1 : 0,
      );
    }
  });
});

/** Ticks until everybody was told that the function is so, and nothing waits to be told. How each first one ended. */
async function ticksUntil(monitor: Monitor, row: Partial<Row>, state: 'killed' | 'restored') {
  const ended: string[] = [];
  for (let tick = 0; tick < TICKS_MAX; tick++) {
    row.before?.(monitor, tick);
    ended.push(...(await monitor.minute(row.atOnce)).slice(0, 1));
    const isTold = (await monitor.heard()).some(({ attributes }) => attributes['transition'] === state);
    if (isTold && (await monitor.store.outbox()).length === 0) return ended;
    if (tick > 0) await monitor.world.sleep(30_000);
  }
  throw new Error(`not ${state}, or not told, after ${TICKS_MAX} ticks: ${monitor.log()}`);
}

/** The same command, until it gets through. */
async function restore(monitor: Monitor): Promise<void> {
  const { functionName } = monitor.pipeline;
  for (let attempt = 1; attempt <= RESTORES_MAX; attempt++) {
    const ended = await monitor.kill({
      ...{ kind: 'restore', functionName, requestedBy: 'jane', onDrift: 'refuse', canary: false },
    });
    if (ended === 'done') return;
  }
  throw new Error(`not restored: ${monitor.log()}`);
}

interface Told {
  readonly key: string;
  readonly incidentId: string;
  readonly transition: string;
}

/** What each channel took. */
async function ledgers(monitor: Monitor): Promise<readonly { name: string; told: readonly Told[] }[]> {
  const topic = (await monitor.heard()).map(({ attributes }) => told(JSON.parse(attributes['alert'] ?? '')));
  const bus = callsOf(monitor, 'PutEvents').flatMap(({ body }) =>
    (JSON.parse(body) as { Entries: { Detail: string }[] }).Entries.map(({ Detail }) =>
      told(JSON.parse(Detail)),
    ),
  );
  return [
    { name: 'the topic', told: topic },
    { name: 'the bus', told: bus },
  ];
}

function told(alert: { key: string; transition: string; incident: { id: string } }): Told {
  return { key: alert.key, transition: alert.transition, incidentId: alert.incident.id };
}

/** Keys of all alerts that ever were in the outbox. */
function recorded(monitor: Monitor): readonly string[] {
  return callsOf(monitor, 'PutItem').flatMap(({ body }) => {
    const { pk, sk } = (JSON.parse(body) as { Item: Record<'pk' | 'sk', { S: string }> }).Item;
    return pk.S === 'OUTBOX' ? [sk.S] : [];
  });
}

/** What the mapping was switched to, in order. */
function switches(monitor: Monitor): readonly boolean[] {
  return monitor.proxy.made
    .filter(({ operation }) => operation.startsWith('PUT /event-source-mappings/'))
    .map(({ body }) => (JSON.parse(body) as { Enabled: boolean }).Enabled);
}

function callsOf({ proxy }: Monitor, wanted: string): readonly Call[] {
  return proxy.made.filter(({ operation }) => operation === wanted);
}
