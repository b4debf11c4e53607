import { describe, expect, it } from 'vitest';
import { actionsFor } from '../../src/decide/actions.ts';
import { type Config, DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { LambdaFunction } from '../../src/model/inventory.ts';
import { incidentOf } from '../store/samples.ts';
import { input, lambdaFunction, window } from './build.ts';

interface Options {
  readonly kill?: Partial<Config['kill']>;
  readonly fn?: Partial<LambdaFunction>;
  readonly incident?: Partial<Incident>;
}

function actions({ kill = {}, fn = {}, incident = {} }: Options) {
  const worker = lambdaFunction({ name: 'orders-worker', tags: { 'firebreak:kill': 'allowed' }, ...fn });
  const config = { ...DEFAULT_CONFIG, kill: { ...DEFAULT_CONFIG.kill, mode: 'auto' as const, ...kill } };
  return actionsFor([incidentOf(incident)], input({ config, window: window({ functions: [worker] }) }));
}

describe('the automatic kill switch', () => {
  it('asks for a function of a critical incident that opted in', () => {
    const { requests, decisions } = actions({});
    expect(requests).toMatchObject([{ functionName: 'orders-worker', lever: 'disable-event-source' }]);
    expect(decisions).toMatchObject([{ outcome: 'kill', reason: 'money-at-stake' }]);
  });

  it.each<[string, Options, string]>([
    [
      'it only observes',
      { kill: { mode: 'observe' } },
      'kill.mode is observe: would have run firebreak kill orders-worker',
    ],
    [
      'a person has to approve',
      { kill: { mode: 'approve' } },
      'kill.mode is approve: waits for a person to run firebreak kill orders-worker',
    ],
    [
      'the function asks for approval',
      { fn: { tags: { 'firebreak:kill': 'approve' } } },
      'the tag firebreak:kill is approve: waits for a person to run firebreak kill orders-worker',
    ],
    ['everything is frozen', { kill: { freeze: true } }, 'kill.freeze is on'],
    ['it is protected', { kill: { protect: ['orders-worker'] } }, 'orders-worker is in kill.protect'],
    [
      'little was wasted',
      { kill: { minimumWastedUsd: 10 } },
      '$4.10 wasted, less than kill.minimumWastedUsd ($10.00)',
    ],
  ])('says what holds it where %s', (_, options, detail) => {
    const { requests, decisions } = actions(options);
    expect(requests).toEqual([]);
    expect(decisions).toMatchObject([{ outcome: 'refuse', reason: 'not-automatic', detail }]);
  });

  it.each<[string, Options]>([
    ['the switch is off', { kill: { mode: 'off' } }],
    ['the function did not opt in', { fn: { tags: {} } }],
    ['the incident is not critical', { incident: { state: 'open' } }],
    ['no lever helps', { incident: { recommendation: { lever: 'none', command: 'firebreak audit' } } }],
    ['it is stopped already', { fn: { reservedConcurrency: 0 } }],
    ['the function is gone', { fn: { name: 'another' } }],
  ])('has nothing to do, and nothing to say, where %s', (_, options) => {
    expect(actions(options)).toEqual({ requests: [], decisions: [] });
  });
});
