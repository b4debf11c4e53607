import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SlackServer {
  /** Looks like a webhook, secret path and all. */
  readonly webhook: string;
  /** Parsed bodies of the posts so far. */
  readonly posts: readonly unknown[];
  close(): Promise<void>;
}

/** The part of the path that must never show up anywhere. */
export const SECRET = 'T0SECRET/B0SECRET/x0verysecret';

/** A stand-in for hooks.slack.com that gives the answers one after the other, the last for ever; `hang`: none. */
export async function slackServer(...answers: readonly (Answer | 'hang' | 'drop')[]): Promise<SlackServer> {
  const posts: unknown[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const answer = answers[Math.min(posts.length, answers.length - 1)];
    posts.push(JSON.parse(await text(request)));
    if (answer === 'drop') request.socket.destroy();
    if (answer === undefined || answer === 'hang' || answer === 'drop') return;
    response.writeHead(answer.status, { 'content-type': 'text/html', ...answer.headers }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    webhook: `http://127.0.0.1:${port}/services/${SECRET}`,
    posts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
