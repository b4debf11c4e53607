import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, describe, inject } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { emulatedNow, realMs } from './emulator/clock.ts';

export const REGION = 'us-east-1';

/** An AWS account of its own in the emulator, and a folder, for one test file. */
export interface World {
  readonly account: string;
  readonly endpoint: string;
  readonly folder: string;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamo: DynamoDBClient;
  readonly secrets: SecretsManagerClient;
  /** By the emulated clock, epoch ms. */
  now(): number;
  /** Waits emulated milliseconds. */
  sleep(emulatedMs: number): Promise<void>;
  /** Real milliseconds that pass while so many emulated ones do. */
  real(emulatedMs: number): number;
  /** What `read` answers once `done` holds of it; fails with the last answer when that takes too long. */
  eventually<T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T>;
}

/** `describe` that is skipped, with the reason given once by the global setup, where there is no emulator. */
export const describeWithEmulator = describe.skipIf(inject('emulator') === null);

const POLL_MS = 50;
/** Real time: a loaded machine is slow, and a test that passes does not wait it out. */
const PATIENCE_MS = 120_000;

/**
 * Opens the account named after `name` and makes it the one that the SDK's default credentials mean in this file.
 * It ends with the file.
 */
export function openWorld(name: string): World {
  const emulator = inject('emulator');
  const { endpoint, clock } = emulator ?? { endpoint: '', clock: { originAt: 0, speed: 1 } };
  const account = accountOf(name);
  // Hooks of a file whose tests are all skipped do not run: nothing may be left then.
  const folder = emulator === null ? '' : temporaryFolder('e2e');
  const identity = { AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: 'emulated', AWS_REGION: REGION };
  Object.assign(process.env, identity);
  // Its own clients go there also when another world of the file was opened since.
  const credentials = { accessKeyId: account, secretAccessKey: 'emulated' };
  const config = { endpoint, region: REGION, credentials, maxAttempts: 2 };
  const now = () => emulatedNow(clock);
  const world: World = {
    account,
    endpoint,
    folder,
    lambda: new LambdaClient(config),
    sqs: new SQSClient(config),
    sns: new SNSClient(config),
    cloudWatch: new CloudWatchClient(config),
    dynamo: new DynamoDBClient(config),
    secrets: new SecretsManagerClient(config),
    now,
    sleep: async (emulatedMs) => void (await delay(realMs(clock, emulatedMs))),
    real: (emulatedMs) => realMs(clock, emulatedMs),
    eventually: async (read, done) => {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const value = await read();
        if (done(value)) return value;
        if (Date.now() > deadline) throw new Error(`still not so: ${JSON.stringify(value)}`);
        await delay(POLL_MS);
      }
    },
  };
  afterAll(() => {
    for (const client of [
      world.lambda,
      world.sqs,
      world.sns,
      world.cloudWatch,
      world.dynamo,
      world.secrets,
    ]) {
      client.destroy();
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  return world;
}

/** In MiniStack a 12-digit access key is the account; every file has its own, whatever runs beside it. */
function accountOf(name: string): string {
  const digest = createHash('sha256').update(name).digest().readBigUInt64BE();
  return `4${(digest % 100_000_000_000n).toString().padStart(11, '0')}`;
}
