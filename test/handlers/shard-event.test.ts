import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecideEvent, parseShardEvent } from '../../src/handlers/shard-event.ts';
import { InputError } from '../../src/model/errors.ts';

const AT = '2026-11-24T12:00:30.123Z';

describe('what a shard is asked for', () => {
  it.each([
    [{ step: 'plan' }, /at/],
    [{ step: 'read', at: AT, planAt: 1, shard: -1, of: 3 }, /shard/],
    [{ step: 'read', at: AT, planAt: 1, shard: 0, of: 0 }, /of/],
    [{ step: 'decide', at: AT }, /step/],
    [null, /it/],
  ])('%j is refused, naming the field', (event, message) => {
    expect(() => parseShardEvent(event)).toThrow(InputError);
    expect(() => parseShardEvent(event)).toThrow(message);
  });

  it('whatever comes, it is understood or refused', () => {
    const field = fc.oneof(fc.anything(), fc.constant(AT), fc.constantFrom('plan', 'read'), fc.nat(3));
    const event = fc.record({ step: field, at: field, planAt: field, shard: field, of: field });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), event), (one) => {
        try {
          expect(['plan', 'read']).toContain(parseShardEvent(one).step);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});

describe('what a tick is started with', () => {
  const plan = { at: Date.parse(AT), shards: [0, 1] };

  it('by the state machine: its instant, and the plan', () => {
    const event = { at: AT, input: { scheduledAt: AT, plan } };
    expect(parseDecideEvent(event)).toEqual({ at: Date.parse(AT), input: { plan } });
  });

  it.each([
    ['there was no plan', { scheduledAt: AT }],
    ['the plan failed', { scheduledAt: AT, failure: { Error: 'States.Timeout', Cause: '' } }],
    ['the plan is malformed', { scheduledAt: AT, plan: { at: 'now', shards: 'all' } }],
  ])('%s: it ticks without', (_, input) => {
    expect(parseDecideEvent({ at: AT, input })).toEqual({ at: Date.parse(AT), input: { plan: null } });
  });

  it('by the schedule itself: nothing of that', () => {
    expect(parseDecideEvent({ scheduledAt: AT })).toBeNull();
    fc.assert(fc.property(fc.anything(), (event) => void parseDecideEvent(event)));
  });
});
