import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { holds, type WireItem } from './expression.ts';

export interface FakeDynamo {
  client(): DynamoDBClient;
  /** Every item, as it went over the wire. */
  items(): readonly WireItem[];
  /** Calls so far, by operation. */
  readonly calls: Map<string, number>;
  /** The next calls of that operation are done, but the answer is an internal error: what a lost answer looks like. */
  loseAnswers(operation: string, times: number): void;
  /** Removes what TTL may have removed by then, in epoch ms. */
  expire(at: number): void;
  close(): Promise<void>;
}

interface Request {
  readonly TableName: string;
  readonly Item?: WireItem;
  readonly Key?: WireItem;
  readonly ConsistentRead?: boolean;
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeValues?: WireItem;
  readonly ExclusiveStartKey?: WireItem;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly TransactItems?: readonly { readonly Put?: Request; readonly Delete?: Request }[];
}

const TABLE = 'firebreak';
/** Small, so that every list takes several pages. */
const PAGE_ITEMS = 3;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const ITEM_BYTES_MAX = 400 * 1024;

class Refusal extends Error {
  readonly body: object;
  constructor(type: string, body: object = {}) {
    super(type);
    this.body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, ...body };
  }
}

/**
 * The part of DynamoDB that the store uses, over HTTP: conditional writes, transactions, paged consistent queries.
 * Each request is handled at once and whole, as DynamoDB does for one item.
 */
export async function fakeDynamo(): Promise<FakeDynamo> {
  const stored = new Map<string, WireItem>();
  const calls = new Map<string, number>();
  const lost = new Map<string, number>();

  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
    const input = JSON.parse(await bodyOf(request)) as Request;
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    let status = 200;
    let answer: object;
    try {
      answer = handle(stored, operation, input);
      if ((lost.get(operation) ?? 0) > 0) {
        lost.set(operation, (lost.get(operation) ?? 0) - 1);
        throw Object.assign(new Refusal('InternalServerError'), { status: 500 });
      }
    } catch (error) {
      status = error instanceof Refusal && 'status' in error ? Number(error.status) : 400;
      answer = error instanceof Refusal ? error.body : { __type: 'FakeCannotSay', message: String(error) };
    }
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const clients: DynamoDBClient[] = [];

  return {
    calls,
    items: () => [...stored.values()],
    loseAnswers: (operation, times) => void lost.set(operation, times),
    expire(at) {
      for (const [key, item] of stored) if (Number(item['expiresAt']?.N) < at / 1000) stored.delete(key);
    },
    client() {
      const client = new DynamoDBClient({
        region: 'eu-west-1',
        endpoint: `http://127.0.0.1:${port}`,
        credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function handle(stored: Map<string, WireItem>, operation: string, input: Request): object {
  if (operation === 'TransactWriteItems') return transact(stored, input);
  if (input.TableName !== TABLE) throw new Refusal('ResourceNotFoundException', { message: 'no such table' });
  switch (operation) {
    case 'GetItem': {
      if (input.ConsistentRead !== true) throw new Error('the store must read consistently');
      const item = stored.get(keyOf(input.Key));
      return item === undefined ? {} : { Item: item };
    }
    case 'PutItem':
    case 'DeleteItem': {
      const key = keyOf(input.Item ?? input.Key);
      const before = stored.get(key);
      if (!holds(input.ConditionExpression, before, input.ExpressionAttributeValues)) {
        const reveal = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before !== undefined;
        throw new Refusal('ConditionalCheckFailedException', {
          message: 'The conditional request failed',
          ...(reveal ? { Item: before } : {}),
        });
      }
      write(stored, key, input.Item);
      return input.ReturnValues === 'ALL_OLD' && before !== undefined ? { Attributes: before } : {};
    }
    case 'Query': {
      if (input.ConsistentRead !== true) throw new Error('the store must read consistently');
      return query(stored, input);
    }
    default:
      throw new Refusal('UnknownOperationException', { message: operation });
  }
}

function query(stored: Map<string, WireItem>, input: Request): object {
  const found = [...stored.entries()]
    .filter(([, item]) => holds(input.KeyConditionExpression, item, input.ExpressionAttributeValues))
    .sort(([, a], [, b]) => (String(a['sk']?.S) < String(b['sk']?.S) ? -1 : 1));
  const after = input.ExclusiveStartKey?.['sk']?.S;
  const rest = found.filter(([, item]) => after === undefined || String(item['sk']?.S) > after);
  const page = rest.slice(0, PAGE_ITEMS).map(([, item]) => item);
  const last = page.at(-1);
  const more = rest.length > page.length && last !== undefined;
  return { Items: page, ...(more ? { LastEvaluatedKey: { pk: last['pk'], sk: last['sk'] } } : {}) };
}

function transact(stored: Map<string, WireItem>, input: Request): object {
  const writes = (input.TransactItems ?? []).map(({ Put, Delete }) => Put ?? Delete ?? { TableName: '' });
  const reasons = writes.map((write) => {
    const before = stored.get(keyOf(write.Item ?? write.Key));
    const ok = holds(write.ConditionExpression, before, write.ExpressionAttributeValues);
    return { Code: ok ? 'None' : 'ConditionalCheckFailed' };
  });
  if (reasons.some(({ Code }) => Code !== 'None')) {
    throw new Refusal('TransactionCanceledException', { message: 'cancelled', CancellationReasons: reasons });
  }
  for (const one of writes) write(stored, keyOf(one.Item ?? one.Key), one.Item);
  return {};
}

function write(stored: Map<string, WireItem>, key: string, item: WireItem | undefined): void {
  if (item === undefined) {
    stored.delete(key);
    return;
  }
  if (JSON.stringify(item).length > ITEM_BYTES_MAX * 1.34) {
    throw new Refusal('ValidationException', { message: 'Item size has exceeded the maximum allowed size' });
  }
  stored.set(key, item);
}

function keyOf(key: WireItem | undefined): string {
  return `${key?.['pk']?.S}\u0000${key?.['sk']?.S}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
