import { describe, expect, it } from 'vitest';
import { parseKillEvent } from '../../src/handlers/kill-event.ts';
import { InputError } from '../../src/model/errors.ts';

describe('what the kill function can be asked', () => {
  it('to stop: who asks must be said, the rest has defaults', () => {
    expect(parseKillEvent({ kind: 'kill', functionName: 'orders', requestedBy: 'ann' })).toEqual({
      kind: 'kill',
      functionName: 'orders',
      requestedBy: 'ann',
      reason: 'stopped by hand',
      incidentId: null,
      hard: false,
    });
  });

  it('to restore: what somebody changed since is not overwritten unless that is asked for', () => {
    const event = parseKillEvent({ kind: 'restore', functionName: 'orders', requestedBy: 'ann' });
    expect(event).toMatchObject({ kind: 'restore', onDrift: 'refuse' });
  });

  it.each([
    [{}, 'kind'],
    [{ kind: 'explode' }, 'kind'],
    [{ kind: 'kill', requestedBy: 'ann' }, 'functionName'],
    [{ kind: 'kill', functionName: 'orders' }, 'requestedBy'],
    [{ kind: 'kill', functionName: 'orders', requestedBy: 'ann', force: true }, 'force'],
    [{ kind: 'automatic', request: { functionName: 'orders' } }, 'request.incidentId'],
    [{ scheduledAt: '2026-11-24T04:12:00Z' }, 'kind'],
  ])('%j is refused, naming the field', (event, field) => {
    expect(() => parseKillEvent(event)).toThrow(InputError);
    expect(() => parseKillEvent(event)).toThrow(field);
  });
});
