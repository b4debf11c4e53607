import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DeleteCommandInput,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../model/errors.ts';
import { DAY_MS, type EpochMs, SECOND_MS } from '../../model/time.ts';

/** Attributes of the table that the stack creates: partition key, sort key, and the one that TTL looks at. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
export const EXPIRY = 'expiresAt';

export type Item = Readonly<Record<string, unknown>>;
interface Key {
  readonly pk: string;
  readonly sk: string;
}
/** A write and the condition under which it is done. */
interface Conditional {
  readonly condition: string;
  readonly values?: Item;
}
type Written =
  | { readonly ok: true; readonly replaced: Item | null }
  | { readonly ok: false; readonly stored: Item | null };

/** The few calls that the store makes, on one table. Reads are strongly consistent. */
export interface Table {
  readonly name: string;
  get(key: Key): Promise<Item | null>;
  /** Every item of a partition whose sort key begins so, in order of the sort key. */
  query(pk: string, prefix?: string): Promise<readonly Item[]>;
  put(item: Item & Key, only?: Conditional): Promise<Written>;
  remove(key: Key, only?: Conditional): Promise<Written>;
  /** All or nothing; `false` where a condition does not hold. */
  move(from: Key & { readonly only: Conditional }, to: Item & Key): Promise<boolean>;
}

/** Pages of one query. At 1 MB a page this is far more than a store ever holds: more means a fault. */
const PAGES_MAX = 200;
/** Another transaction on the same item makes this one fail; it is over in milliseconds. */
const CONFLICT_ATTEMPTS_MAX = 8;

export function openTable(name: string, client: DynamoDBClient): Table {
  const documents = DynamoDBDocumentClient.from(client);
  return {
    name,
    get: (key) =>
      called(name, 'GetItem', async () => {
        const { Item: item } = await documents.send(
          new GetCommand({ TableName: name, Key: key, ConsistentRead: true }),
        );
        return item ?? null;
      }),
    query: (pk, prefix) => called(name, 'Query', () => queryAll(documents, name, pk, prefix)),
    put: (item, only) =>
      called(name, 'PutItem', () =>
        conditional(async () => {
          const input: PutCommandInput = {
            TableName: name,
            Item: item,
            ReturnValues: 'ALL_OLD',
            ...expression(only),
          };
          return (await documents.send(new PutCommand(input))).Attributes ?? null;
        }),
      ),
    remove: (key, only) =>
      called(name, 'DeleteItem', () =>
        conditional(async () => {
          const input: DeleteCommandInput = {
            TableName: name,
            Key: key,
            ReturnValues: 'ALL_OLD',
            ...expression(only),
          };
          return (await documents.send(new DeleteCommand(input))).Attributes ?? null;
        }),
      ),
    move: ({ only, ...from }, to) =>
      called(name, 'TransactWriteItems', () =>
        transact(documents, {
          TransactItems: [
            { Delete: { TableName: name, Key: from, ...expression(only) } },
            { Put: { TableName: name, Item: to } },
          ],
        }),
      ),
  };
}

/** An instant some days on, as TTL wants it. What is past it may be gone any time within days (DynamoDB guide: TTL). */
export function expiry(at: EpochMs, days: number): number {
  return Math.ceil((at + days * DAY_MS) / SECOND_MS);
}

function expression(only: Conditional | undefined) {
  if (only === undefined) return {};
  return {
    ConditionExpression: only.condition,
    ...(only.values === undefined ? {} : { ExpressionAttributeValues: only.values }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

async function queryAll(
  documents: DynamoDBDocumentClient,
  name: string,
  pk: string,
  prefix = '',
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let start: Record<string, unknown> | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await documents.send(
      new QueryCommand({
        TableName: name,
        ConsistentRead: true,
        KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: prefix === '' ? { ':pk': pk } : { ':pk': pk, ':prefix': prefix },
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
    if (start === undefined) return items;
  }
  throw new UnavailableError(`store: table ${name} has more than ${PAGES_MAX} pages under ${pk}`);
}

async function conditional(write: () => Promise<Item | null>): Promise<Written> {
  try {
    return { ok: true, replaced: await write() };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The document client leaves the item of an exception in wire form; only its plain attributes are of use here.
    return { ok: false, stored: error.Item === undefined ? null : plain(error.Item) };
  }
}

function plain(wire: NonNullable<ConditionalCheckFailedException['Item']>): Item {
  const entries = Object.entries(wire).map(([name, value]) => {
    if (value.N !== undefined) return [name, Number(value.N)] as const;
    return [name, value.S ?? null] as const;
  });
  return Object.fromEntries(entries);
}

async function transact(
  documents: DynamoDBDocumentClient,
  input: TransactWriteCommandInput,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await documents.send(new TransactWriteCommand(input));
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      if (codes.includes('ConditionalCheckFailed')) return false;
      if (!codes.includes('TransactionConflict') || attempt === CONFLICT_ATTEMPTS_MAX) throw error;
    }
  }
}

async function called<T>(table: string, operation: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof UnavailableError || !(cause instanceof Error)) throw cause;
    const hint =
      cause.name === 'ResourceNotFoundException'
        ? 'there is no such table in this account and region'
        : `${cause.name}: ${cause.message}`;
    throw new UnavailableError(`store: DynamoDB ${operation} on table ${table} failed: ${hint}`, { cause });
  }
}
