import {
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/model/errors.ts';
import { awsKillPort, readingOf } from '../../../src/respond/kill/aws-port.ts';
import { TryAgain } from '../../../src/respond/kill/port.ts';

const aws = mockClient(LambdaClient);
const port = awsKillPort(new LambdaClient({ region: 'eu-west-1' }));
const failing = (name: string, message = 'no') => Object.assign(new Error(message), { name });

beforeEach(() => aws.reset());

describe('state of a mapping', () => {
  it.each([
    ['Enabled', { enabled: true, isSettled: true }],
    ['Enabling', { enabled: true, isSettled: false }],
    ['Disabled', { enabled: false, isSettled: true }],
    ['Disabling', { enabled: false, isSettled: false }],
    ['Creating', { enabled: null, isSettled: false }],
    ['Updating', { enabled: null, isSettled: false }],
    ['SomethingNew', { enabled: null, isSettled: false }],
  ])('%s', (State, reading) => {
    expect(readingOf({ State })).toEqual({
      ...reading,
      state: State,
      maximumConcurrency: null,
      canBeLimited: false,
    });
  });

  it('Deleting is as good as gone', () => expect(readingOf({ State: 'Deleting' })).toBe('gone'));

  const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:orders';
  it.each([
    ['a queue', { EventSourceArn: QUEUE }, null, true],
    ['a queue with a limit', { EventSourceArn: QUEUE, ScalingConfig: { MaximumConcurrency: 7 } }, 7, true],
    ['a queue whose limit was taken away', { EventSourceArn: QUEUE, ScalingConfig: {} }, null, true],
    [
      'a queue with provisioned pollers',
      { EventSourceArn: QUEUE, ProvisionedPollerConfig: { MinimumPollers: 2 } },
      null,
      false,
    ],
    ['a stream', { EventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks' }, null, false],
  ])('%s: its limit, and whether it can have one', (_, answer, maximumConcurrency, canBeLimited) => {
    expect(readingOf({ State: 'Disabled', ...answer })).toMatchObject({ maximumConcurrency, canBeLimited });
  });
});

describe('calls', () => {
  it('switches one mapping, and nothing else of it', async () => {
    aws.on(UpdateEventSourceMappingCommand).resolves({});
    await port.setEventSourceEnabled('esm-1', false);
    expect(aws.commandCalls(UpdateEventSourceMappingCommand)[0]?.args[0].input).toEqual({
      UUID: 'esm-1',
      Enabled: false,
    });
  });

  it('sets and deletes a reservation', async () => {
    aws.on(PutFunctionConcurrencyCommand).resolves({});
    aws.on(DeleteFunctionConcurrencyCommand).resolves({});
    await port.putReservedConcurrency('orders-worker', 0);
    await port.deleteReservedConcurrency('orders-worker');
    expect(aws.calls().map(({ args }) => args[0].input)).toEqual([
      { FunctionName: 'orders-worker', ReservedConcurrentExecutions: 0 },
      { FunctionName: 'orders-worker' },
    ]);
  });

  it.each([
    ['absent: no reservation', {}, null],
    ['0: a reservation of nothing', { ReservedConcurrentExecutions: 0 }, 0],
    ['100', { ReservedConcurrentExecutions: 100 }, 100],
  ])('reads a reservation: %s', async (_, answer, value) => {
    aws.on(GetFunctionConcurrencyCommand).resolves(answer);
    expect(await port.getReservedConcurrency('orders-worker')).toBe(value);
  });

  it('reads a mapping', async () => {
    aws.on(GetEventSourceMappingCommand, { UUID: 'esm-1' }).resolves({ State: 'Disabling' });
    expect(await port.getEventSource('esm-1')).toEqual({
      enabled: false,
      isSettled: false,
      state: 'Disabling',
      maximumConcurrency: null,
      canBeLimited: false,
    });
  });

  it('limits a mapping, takes the limit away, and changes nothing else of it', async () => {
    aws.on(UpdateEventSourceMappingCommand).resolves({});
    await port.setMaximumConcurrency('esm-1', 2);
    await port.setMaximumConcurrency('esm-1', null);
    expect(aws.commandCalls(UpdateEventSourceMappingCommand).map(({ args }) => args[0].input)).toEqual([
      { UUID: 'esm-1', ScalingConfig: { MaximumConcurrency: 2 } },
      { UUID: 'esm-1', ScalingConfig: {} },
    ]);
  });
});

describe('failures', () => {
  it('what does not exist any more is gone', async () => {
    aws.on(GetEventSourceMappingCommand).rejects(failing('ResourceNotFoundException'));
    aws.on(GetFunctionConcurrencyCommand).rejects(failing('ResourceNotFoundException'));
    expect(await port.getEventSource('esm-1')).toBe('gone');
    expect(await port.getReservedConcurrency('orders-worker')).toBe('gone');
  });

  it('changing what does not exist means to look again', async () => {
    aws.on(UpdateEventSourceMappingCommand).rejects(failing('ResourceNotFoundException'));
    await expect(port.setEventSourceEnabled('esm-1', true)).rejects.toThrow(TryAgain);
  });

  it.each([
    'ResourceInUseException',
    'ResourceConflictException',
    'TooManyRequestsException',
    'ServiceException',
  ])('%s: try again', async (name) => {
    aws.on(UpdateEventSourceMappingCommand).rejects(failing(name));
    const failure = port.setEventSourceEnabled('esm-1', false);
    await expect(failure).rejects.toThrow(TryAgain);
    await expect(failure).rejects.toThrow(`AWS is busy with it (${name})`);
  });

  it('a denial names the permission and the resource', async () => {
    aws
      .on(PutFunctionConcurrencyCommand)
      .rejects(failing('AccessDeniedException', 'User: arn:aws:iam::1:user/x is not'));
    await expect(port.putReservedConcurrency('orders-worker', 0)).rejects.toThrow(
      new UnavailableError(
        'reserved concurrency of orders-worker: access denied, needs lambda:PutFunctionConcurrency',
      ),
    );
  });

  it('a reservation for which there is no room says so', async () => {
    const message =
      'Specified ReservedConcurrentExecutions decreases account UnreservedConcurrentExecution below [100].';
    aws.on(PutFunctionConcurrencyCommand).rejects(failing('InvalidParameterValueException', message));
    const failure = port.putReservedConcurrency('orders-worker', 50);
    await expect(failure).rejects.toThrow(UnavailableError);
    await expect(failure).rejects.toThrow(
      'AWS does not give orders-worker its reserved concurrency of 50: the account has not enough unreserved concurrency left',
    );
  });

  it.each([
    ['an answer without a state', { answer: {} }],
    ['an unknown error', { error: failing('KMSAccessDeniedException', 'key\ndetails') }],
  ])('%s is one clear line', async (_, { answer, error }: { answer?: object; error?: Error }) => {
    const call = aws.on(GetEventSourceMappingCommand);
    if (error === undefined) call.resolves(answer ?? {});
    else call.rejects(error);
    const failure = await port.getEventSource('esm-1').catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(UnavailableError);
    expect(String(failure)).toMatch(/event source mapping esm-1: GetEventSourceMapping failed/);
    expect(String(failure).split('\n')).toHaveLength(1);
  });
});
