import { InputError } from '../model/errors.ts';
import { liveDocument, liveFragment } from '../web/page.ts';
import { type LiveServer, startLiveServer } from '../web/server.ts';
import { type LiveView, liveJson } from '../web/view.ts';
import type { Io } from './io.ts';

const PORT_MAX = 65_535;

export interface OpenPage {
  readonly server: LiveServer;
  show(view: LiveView): void;
}

/** Opens the live page once there is something to see, and says where. */
export async function openLivePage(
  io: Io,
  options: {
    readonly port: string;
    readonly first: LiveView;
    readonly report: (incidentId: string) => Promise<string | null>;
  },
): Promise<OpenPage> {
  let view = options.first;
  const server = await startLiveServer(
    {
      document: () => liveDocument(view),
      fragment: () => liveFragment(view),
      json: () => liveJson(view),
      report: options.report,
    },
    portOf(options.port),
  );
  io.stderr(`live page, for this machine only: ${server.url}\nCtrl-C ends it\n`);
  return {
    server,
    show: (next) => {
      view = next;
      server.publish();
    },
  };
}

/** @throws {InputError} for what is no port. */
function portOf(text: string): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= PORT_MAX) return port;
  throw new InputError(`--port must be 0 to ${PORT_MAX} (0: any that is free), given: ${text}`);
}

/** Resolves when the person interrupts. */
export function untilInterrupted({ signal }: Io): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
