import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { FirebreakProps } from './props.ts';

/**
 * Attributes that the store expects (`src/store/dynamo/table.ts`; a test holds them equal). Spelled out here, because
 * importing them would pull the AWS SDK into the construct.
 */
export const TABLE_KEYS = { partition: 'pk', sort: 'sk', expiry: 'expiresAt' } as const;

/** One table for all that outlives a tick: incidents, the outbox, kill records, baselines. */
export function createTable(scope: Construct, props: FirebreakProps): Table {
  const mode = props.killSwitch?.mode;
  const holdsKillRecords = mode === 'approve' || mode === 'auto';
  return new Table(scope, 'Table', {
    partitionKey: { name: TABLE_KEYS.partition, type: AttributeType.STRING },
    sortKey: { name: TABLE_KEYS.sort, type: AttributeType.STRING },
    timeToLiveAttribute: TABLE_KEYS.expiry,
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: props.removalPolicy ?? (holdsKillRecords ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY),
  });
}
