import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

/** Where and as whom to call AWS. What is absent is resolved as the AWS CLI does: environment, then profile. */
export interface AwsOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Another endpoint for every service, e.g. an emulator. */
  readonly endpointUrl?: string | undefined;
}

/** Attempts of one call in all, the first included. Back-off between them is exponential with jitter. */
const ATTEMPTS_MAX = 4;
/** A connection that is not up by then will not come up: wrong endpoint, or no route out of the subnet. */
const CONNECT_TIMEOUT_MS = 3_000;
/** One attempt. A full page of GetMetricData takes a second or two. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Shows up in CloudTrail and in the account's own analyses of who calls what. */
const USER_AGENT = 'firebreak';

/**
 * Settings that every AWS client of firebreak shares. `adaptive` retry slows the client down when AWS throttles it,
 * instead of competing with the customer's own calls for the same quota.
 */
export function awsClientConfig(options: AwsOptions) {
  return {
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.endpointUrl === undefined ? {} : { endpoint: options.endpointUrl }),
    maxAttempts: ATTEMPTS_MAX,
    retryMode: 'adaptive',
    customUserAgent: USER_AGENT,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  };
}

/** The clients that reading needs. */
export interface AwsClients {
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly cloudWatch: CloudWatchClient;
  readonly sts: STSClient;
}

export function awsClients(options: AwsOptions): AwsClients {
  const config = awsClientConfig(options);
  return {
    lambda: new LambdaClient(config),
    // By default the host in the queue's URL would win over the endpoint that was asked for, here or in AWS_ENDPOINT_URL.
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    cloudWatch: new CloudWatchClient(config),
    sts: new STSClient(config),
  };
}
