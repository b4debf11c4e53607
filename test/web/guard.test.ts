import { describe, expect, it } from 'vitest';
import { judge } from '../../src/web/guard.ts';

const PAGE = { port: 4711, token: 'right-token' };
const HOST = '127.0.0.1:4711';

function asked(changes: { method?: string; url?: string; headers?: Record<string, string> } = {}) {
  return { method: 'GET', url: '/right-token/', ...changes, headers: { host: HOST, ...changes.headers } };
}

describe('the guard of the live page', () => {
  it.each([
    ['the printed URL', asked(), ''],
    ['localhost', asked({ headers: { host: 'localhost:4711' } }), ''],
    ['a file below it', asked({ url: '/right-token/state.json?x=1' }), 'state.json'],
    ['its own script', asked({ headers: { 'sec-fetch-site': 'same-origin', origin: `http://${HOST}` } }), ''],
    ['a URL that was typed', asked({ headers: { 'sec-fetch-site': 'none' } }), ''],
  ])('lets in: %s', (_, request, path) => {
    expect(judge(request, PAGE)).toEqual({ ok: true, path });
  });

  it.each([
    ['no token', asked({ url: '/' }), 403, 'no-token'],
    ['a wrong token', asked({ url: '/wrong-token/' }), 403, 'no-token'],
    ['a token without its slash', asked({ url: '/right-token' }), 403, 'no-token'],
    ['the token in the query', asked({ url: '/?right-token/' }), 403, 'no-token'],
    [
      'a name that resolves to loopback',
      asked({ headers: { host: 'evil.example:4711' } }),
      421,
      'wrong-host',
    ],
    ['another port', asked({ headers: { host: '127.0.0.1:80' } }), 421, 'wrong-host'],
    ['another origin', asked({ headers: { origin: 'https://evil.example' } }), 403, 'another-origin'],
    ['an opaque origin', asked({ headers: { origin: 'null' } }), 403, 'another-origin'],
    ['a cross-site fetch', asked({ headers: { 'sec-fetch-site': 'cross-site' } }), 403, 'another-origin'],
    ['a sibling site', asked({ headers: { 'sec-fetch-site': 'same-site' } }), 403, 'another-origin'],
    ['a write', asked({ method: 'POST' }), 405, 'wrong-method'],
    ['a preflight', asked({ method: 'OPTIONS' }), 405, 'wrong-method'],
  ])('refuses: %s', (_, request, status, reason) => {
    expect(judge(request, PAGE)).toEqual({ ok: false, status, reason });
  });
});
