import { timingSafeEqual } from 'node:crypto';

/** What the guard looks at of a request. */
export interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export type Verdict =
  | { readonly ok: true /** Below the token: ``, `events`, `state.json`. */; readonly path: string }
  | { readonly ok: false; readonly status: 403 | 405 | 421; readonly reason: Refusal };

type Refusal = 'wrong-host' | 'another-origin' | 'wrong-method' | 'no-token';

/**
 * Whether a request may see the page. It shows what an account spends, so that it listens on loopback only is not enough: any
 * web page that the person has open can send requests there, and a name that resolves to 127.0.0.1 makes them look its
 * own (DNS rebinding). So: the right Host, no other origin, only reading, and a token that only the printed URL has.
 */
export function judge(asked: Asked, page: { readonly port: number; readonly token: string }): Verdict {
  const host = asked.headers['host'];
  const hosts = [`127.0.0.1:${page.port}`, `localhost:${page.port}`];
  if (typeof host !== 'string' || !hosts.includes(host.toLowerCase())) return refuse(421, 'wrong-host');
  if (!isSameOrigin(asked, host.toLowerCase())) return refuse(403, 'another-origin');
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return refuse(405, 'wrong-method');
  const [, token = '', ...rest] = (asked.url ?? '').split('?')[0]?.split('/') ?? [];
  if (!isEqual(token, page.token) || rest.length === 0) return refuse(403, 'no-token');
  return { ok: true, path: rest.join('/') };
}

/** `none`: typed or clicked outside any page. A browser without Sec-Fetch-Site sends Origin with what matters here. */
function isSameOrigin({ headers }: Asked, host: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = headers['origin'];
  return origin === undefined || origin === `http://${host}`;
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(status: 403 | 405 | 421, reason: Refusal): Verdict {
  return { ok: false, status, reason };
}
