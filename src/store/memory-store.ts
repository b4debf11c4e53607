import type { Alert } from '../model/alert.ts';
import type { Baselines } from '../model/baseline.ts';
import type { BillNote } from '../model/bill.ts';
import type { Incident } from '../model/incident.ts';
import type { KillRecord } from '../model/kill.ts';
import type { EpochMs } from '../model/time.ts';
import { follows } from './follows.ts';
import type { Notebook, Store, TickNote } from './store.ts';

/** What memory stores hold; two stores on the same data are two hands on one place. */
export interface MemoryData {
  readonly incidents: Map<string, Incident>;
  readonly outbox: Map<string, Alert>;
  readonly claims: Map<string, { readonly until: EpochMs }>;
  readonly delivered: Set<string>;
  readonly kills: KillRecord[];
  readonly notebooks: Map<Notebook, { readonly at: EpochMs; readonly text: string }>;
  baselines: Baselines | null;
  bill: BillNote | null;
  note: TickNote | null;
}

export function memoryData(): MemoryData {
  return {
    incidents: new Map(),
    outbox: new Map(),
    claims: new Map(),
    delivered: new Set(),
    kills: [],
    notebooks: new Map(),
    baselines: null,
    bill: null,
    note: null,
  };
}

/** A store that ends with the process: backtests, the demo, tests. */
export function memoryStore(data: MemoryData = memoryData()): Store {
  const { incidents, outbox, claims, delivered, kills } = data;
  /** Claims that were made through this store: only those may be released through it. */
  const owned = new Map<string, { readonly until: EpochMs }>();

  const openIndex = (functionName: string) =>
    kills.findIndex((kill) => kill.functionName === functionName && kill.state !== 'restored');

  return {
    async incidents({ resolvedSince }) {
      return [...incidents.values()].filter(
        ({ resolvedAt, state }) => state !== 'resolved' || (resolvedAt ?? 0) >= resolvedSince,
      );
    },
    incident: async (id) => incidents.get(id) ?? null,
    async putIncident(incident) {
      const stored = incidents.get(incident.id);
      if (stored !== undefined && stored.evaluatedAt > incident.evaluatedAt) return false;
      incidents.set(incident.id, incident);
      return true;
    },
    async forgetIncident({ id, evaluatedAt }) {
      if ((incidents.get(id)?.evaluatedAt ?? evaluatedAt) > evaluatedAt) return false;
      incidents.delete(id);
      return true;
    },

    enqueueAlert: async (alert) => void outbox.set(alert.key, alert),
    outbox: async () => [...outbox.values()].sort((a, b) => a.at - b.at),
    async claimDelivery({ key, channel, now, until }) {
      const id = deliveryId(key, channel);
      if (delivered.has(id)) return 'delivered';
      if ((claims.get(id)?.until ?? now) > now) return 'busy';
      const claim = { until };
      claims.set(id, claim);
      owned.set(id, claim);
      return 'claimed';
    },
    async releaseDelivery({ key, channel }) {
      const id = deliveryId(key, channel);
      if (claims.get(id) === owned.get(id)) claims.delete(id);
    },
    markDelivered: async ({ key, channel }) => void delivered.add(deliveryId(key, channel)),
    dequeueAlert: async (key) => void outbox.delete(key),

    openKill: async (functionName) => kills[openIndex(functionName)] ?? null,
    kills: async () => [...kills].sort((a, b) => a.recordedAt - b.recordedAt),
    async createKill(record) {
      if (openIndex(record.functionName) >= 0) return false;
      kills.push(record);
      return true;
    },
    async updateKill(record) {
      const index = openIndex(record.functionName);
      const open = kills[index];
      if (open === undefined || !follows(record, open)) return false;
      kills[index] = record;
      return true;
    },

    baselines: async () => data.baselines,
    async putBaselines(built) {
      data.baselines = built;
    },
    bill: async () => data.bill,
    async putBill(note) {
      data.bill = note;
    },
    lastTick: async () => data.note,
    async putTick(note) {
      if (data.note === null || note.at >= data.note.at) data.note = note;
    },
    notebook: async (name) => data.notebooks.get(name)?.text ?? null,
    async putNotebook(name, note) {
      if ((data.notebooks.get(name)?.at ?? 0) <= note.at) data.notebooks.set(name, note);
    },
  };
}

function deliveryId(key: string, channel: string): string {
  return `${key}@${channel}`;
}
