import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** One API call on its way. `operation` is AWS's name of it; for Lambda's REST calls the method and the path. */
export interface Call {
  readonly operation: string;
  readonly body: string;
}

/** What becomes of a call. */
export type Act =
  /** The connection ends before the call is made. */
  | { readonly kind: 'refuse' }
  /** It is made, and half of the answer gets through. */
  | { readonly kind: 'cut' }
  /** It is made, and no byte of the answer gets through. */
  | { readonly kind: 'lose-answer' }
  /** Nobody ever answers. */
  | { readonly kind: 'hang' }
  /** AWS answers with this error, and does nothing. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** The answer is another one. */
  | { readonly kind: 'edit'; readonly edit: (answer: string, call: Call) => string }
  /** Whoever calls dies, before it is made or before the answer comes. */
  | { readonly kind: 'crash'; readonly when: 'before' | 'after' };

/** Decides on each call; `null`: nothing happens to it. */
export type Fate = (call: Call) => Act | null;

export interface FaultyProxy {
  readonly endpoint: string;
  /** Every call that was made, in order. */
  readonly made: readonly Call[];
  /** Calls that something happened to. */
  readonly met: readonly Call[];
  fate: Fate;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** The emulator. */
  readonly target: string;
  /** Takes a call in its place, with status 202; `false`: it is none of those. */
  readonly instead: (call: Call) => boolean;
  /** Ends the processes that call. */
  readonly crash: () => void;
}

/** A proxy between AWS clients and the emulator at which anything can go wrong. */
export async function openProxy({ target, instead, crash }: ProxyOptions): Promise<FaultyProxy> {
  const made: Call[] = [];
  const met: Call[] = [];
  const proxy = { fate: (() => null) as Fate };
  const server = createServer(async (incoming, outgoing) => {
    const body = await text(incoming);
    const call: Call = { operation: operationOf(incoming, body), body };
    const act = proxy.fate(call);
    if (act !== null) met.push(call);
    const drop = () => incoming.socket.destroy();
    if (act?.kind === 'hang') return;
    if (act?.kind === 'refuse') return drop();
    if (act?.kind === 'error') return fail(outgoing, act);
    if (act?.kind === 'crash' && act.when === 'before') return crash();
    const answer = instead(call)
      ? { status: 202, headers: {}, body: '' }
      : await forward(target, incoming, body).catch(() => null);
    if (answer === null) return drop();
    made.push(call);
    if (act?.kind === 'crash') return crash();
    if (act?.kind === 'lose-answer') return drop();
    const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
    const whole = Buffer.from(act?.kind === 'edit' ? act.edit(answer.body, call) : answer.body);
    outgoing.writeHead(answer.status, { ...headers, 'content-length': whole.length });
    if (act?.kind === 'cut') outgoing.write(whole.subarray(0, whole.length / 2), drop);
    else outgoing.end(whole);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for the proxy');
  return Object.assign(proxy, {
    endpoint: `http://127.0.0.1:${address.port}`,
    made,
    met,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** JSON protocols name the operation in a header, the Query protocol in the form, REST in method and path. */
function operationOf({ method, url = '', headers }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? target;
  return new URLSearchParams(body).get('Action') ?? `${method} ${url.replace(/^\/\d{4}-\d\d-\d\d/, '')}`;
}

/** In the form that each protocol reads: header, JSON and XML at once would not do for all of them. */
function fail(outgoing: ServerResponse, { status, code }: Extract<Act, { kind: 'error' }>): void {
  const isQuery = outgoing.req.headers['content-type']?.includes('x-www-form-urlencoded') === true;
  const body = isQuery
    ? `<ErrorResponse><Error><Code>${code}</Code><Message>injected</Message></Error></ErrorResponse>`
    : JSON.stringify({ __type: code, message: 'injected' });
  outgoing.writeHead(status, { 'x-amzn-errortype': code, 'content-type': 'application/json' }).end(body);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

function forward(target: string, incoming: IncomingMessage, body: string): Promise<Answer> {
  const { method, url, headers } = incoming;
  return new Promise((resolve, reject) => {
    const sent = request(`${target}${url}`, { method, headers }, (answer) => {
      const { statusCode: status = 502, headers } = answer;
      text(answer).then((body) => resolve({ status, headers, body }), reject);
    });
    sent.on('error', reject).end(body);
  });
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
