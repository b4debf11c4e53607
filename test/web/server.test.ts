import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type LiveServer, startLiveServer } from '../../src/web/server.ts';

let server: LiveServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(): Promise<URL> {
  server = await startLiveServer(
    {
      document: () => '<p>page</p>',
      fragment: () => 'two\nlines',
      json: () => ({ burn: 1 }),
      report: (id) => Promise.resolve(id === 'a/b' ? 'its report' : null),
    },
    0,
  );
  return new URL(server.url);
}

function get(url: URL, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      request(url, { headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
          if (response.headers['content-type']?.startsWith('text/event-stream')) response.destroy();
        });
        response.on('close', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      })
        .on('error', reject)
        .end();
    },
  );
}

describe('the server of the live page', () => {
  it('serves the page, its script, its state and reports to whoever has the token', async () => {
    const url = await start();
    expect((await get(url)).body).toBe('<p>page</p>');
    expect((await get(new URL('live.js', url))).body).toContain('EventSource');
    expect((await get(new URL('state.json', url))).body).toBe('{"burn":1}');
    expect((await get(new URL('report/a%2Fb', url))).body).toBe('its report');
    expect((await get(new URL('report/none', url))).status).toBe(404);
    expect((await get(new URL('report/%E0', url))).status).toBe(404);
  });

  it('sends an event of one line however the page is written', async () => {
    const url = await start();
    expect((await get(new URL('events', url))).body).toBe('data: "two\\nlines"\n\n');
  });

  it('refuses without the token, for another host and for another origin, and shares with nobody', async () => {
    const url = await start();
    expect((await get(new URL('/', url))).status).toBe(403);
    expect((await get(url, { host: 'evil.example' })).status).toBe(421);
    const answer = await get(url, { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.body).not.toContain('page</p>');
  });

  it('forbids scripts from elsewhere, frames, sniffing and caches', async () => {
    const { headers } = await get(await start());
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('names the port that is taken', async () => {
    const url = await start();
    const page = { document: String, fragment: String, json: String, report: () => Promise.resolve(null) };
    await expect(startLiveServer(page, Number(url.port))).rejects.toThrow(
      `127.0.0.1:${url.port}: EADDRINUSE`,
    );
  });
});
