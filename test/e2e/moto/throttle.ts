import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Throttle {
  readonly endpoint: string;
  /** Calls that came in, refused ones included. */
  readonly calls: () => number;
  close(): Promise<void>;
}

/** In front of another endpoint: refuses the first calls as Cost Explorer does when it is asked too often. */
export async function throttle(target: string, refusals: number): Promise<Throttle> {
  let calls = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (calls++ < refusals) {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: 'LimitExceededException', message: 'Rate exceeded' }));
      return;
    }
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await fetch(`${target}${request.url}`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: Buffer.concat(chunks),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
