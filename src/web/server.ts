import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { InputError } from '../model/errors.ts';
import { CLIENT_SCRIPT } from './client-script.ts';
import { judge } from './guard.ts';

/** What the page shows, rendered anew with every look. */
export interface LivePage {
  /** The whole document. */
  readonly document: () => string;
  /** What of it changes: the inner HTML of `#live`. */
  readonly fragment: () => string;
  readonly json: () => unknown;
  /** The report of an incident as a document; `null`: there is none. */
  readonly report: (incidentId: string) => Promise<string | null>;
}

export interface LiveServer {
  /** With the token: whoever has it may look. */
  readonly url: string;
  /** Tells every open page that there is something new. */
  publish(): void;
  /** Ends open streams and stops listening. */
  close(): Promise<void>;
}

/** Nothing from elsewhere, nothing inline but style sheets, nobody may frame it, nothing is kept. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** Pages that may listen at once: more is no person looking. */
const STREAMS_MAX = 16;
const TOKEN_BYTES = 24;

/**
 * Serves a read-only page on this machine alone. `port` 0 lets the system choose.
 * @throws {InputError} when the port is taken or not allowed.
 */
export async function startLiveServer(page: LivePage, port: number): Promise<LiveServer> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const streams = new Set<ServerResponse>();
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const verdict = judge(
      { method: request.method, url: request.url, headers: request.headers },
      { port: portOf(server), token },
    );
    if (!verdict.ok) return refuse(response, verdict.status, verdict.reason);
    answer({ page, request, response, streams }, verdict.path).catch(() => response.destroy());
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${portOf(server)}/${token}/`,
    publish: () => {
      for (const stream of streams) stream.write(eventOf(page));
    },
    close: () =>
      new Promise((resolve) => {
        for (const stream of streams) stream.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly page: LivePage;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly streams: Set<ServerResponse>;
}

async function answer({ page, request, response, streams }: Exchange, path: string): Promise<void> {
  if (path === '') return send(response, 'text/html', page.document());
  if (path === 'live.js') return send(response, 'text/javascript', CLIENT_SCRIPT);
  if (path === 'state.json') return send(response, 'application/json', JSON.stringify(page.json()));
  if (path === 'events' && streams.size < STREAMS_MAX) {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(eventOf(page));
    streams.add(response);
    request.on('close', () => streams.delete(response));
    return;
  }
  const report = path.startsWith('report/') ? await page.report(decoded(path.slice('report/'.length))) : null;
  if (report !== null) return send(response, 'text/html', report);
  send(response, 'text/plain', 'There is nothing here.\n', 404);
}

/** A server-sent event; a JSON string has no line breaks, which would end the event. */
function eventOf(page: LivePage): string {
  return `data: ${JSON.stringify(page.fragment())}\n\n`;
}

function send(response: ServerResponse, type: string, body: string, status = 200): void {
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` }).end(body);
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  send(response, 'text/plain', `Refused: ${reason}. Open the URL that firebreak printed.\n`, status);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new InputError(`--port: cannot listen on 127.0.0.1:${port}: ${error.code ?? error.message}`));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
