import { formatUsd } from '../../model/format.ts';
import { pricedFunction } from '../exposure.ts';
import { poisonRecord } from '../poison.ts';
import {
  cannotSay,
  type Mapping,
  NOT_APPLICABLE,
  PASSED,
  type Rule,
  type RuleContext,
  type Verdict,
} from '../rule.ts';
import { shellWord } from '../shell.ts';

/** Judges an enabled Kinesis or DynamoDB mapping. */
function ofStream(mapping: Mapping, judge: () => Verdict): Verdict {
  const { kind, enabled } = mapping.source;
  return enabled && (kind === 'kinesis' || kind === 'dynamodb') ? judge() : NOT_APPLICABLE;
}

function mappingFix(
  { source }: Mapping,
  summary: string,
  setting: { readonly cdk: string; readonly cloudFormation: string; readonly cli: string },
) {
  const type = source.kind === 'dynamodb' ? 'DynamoEventSource(table' : 'KinesisEventSource(stream';
  return {
    summary,
    cdk: `fn.addEventSource(new ${type}, { startingPosition: lambda.StartingPosition.LATEST, ${setting.cdk} }));`,
    cloudFormation: setting.cloudFormation,
    cli: `aws lambda update-event-source-mapping --uuid ${shellWord(source.id)} ${setting.cli}`,
  };
}

function unbounded(mapping: Mapping, context: RuleContext): Verdict {
  const priced = pricedFunction(mapping.fn, context);
  const unit = priced === null ? undefined : poisonRecord(priced, mapping.source);
  return {
    outcome: 'finding',
    severity: 'high',
    evidence: `retries without limit and without age limit${unit === undefined ? '' : `: one bad record makes ${unit.text}, ${formatUsd(unit.usd)}`}`,
    stake: unit === undefined ? null : { usd: unit.usd, per: 'poison message' },
    fix: mappingFix(mapping, 'Bound the retries or the age, and keep what fails', {
      cdk: 'retryAttempts: 10, maxRecordAge: Duration.hours(1)',
      cloudFormation: 'MaximumRetryAttempts: 10\nMaximumRecordAgeInSeconds: 3600',
      cli: '--maximum-retry-attempts 10 --maximum-record-age-in-seconds 3600',
    }),
  };
}

export const streamRules: readonly Rule[] = [
  {
    id: 'stream-unbounded-retry',
    scope: 'mapping',
    title: 'a bad record blocks its shard until it expires',
    why: 'By default Lambda retries the whole batch until it succeeds or the stream expires it; everything behind it waits (AWS Lambda developer guide, 2026).',
    evaluate: (mapping, context) =>
      ofStream(mapping, () => {
        const { maximumRetryAttempts, maximumRecordAgeSeconds } = mapping.source;
        if (maximumRetryAttempts === undefined || maximumRecordAgeSeconds === undefined) {
          return cannotSay('retry settings of the mapping');
        }
        return maximumRetryAttempts < 0 && maximumRecordAgeSeconds < 0 ? unbounded(mapping, context) : PASSED;
      }),
  },
  {
    id: 'stream-no-bisect',
    scope: 'mapping',
    title: 'one bad record fails its whole batch',
    why: 'Bisecting isolates the bad record in a few steps that do not use up retries.',
    evaluate: (mapping) =>
      ofStream(mapping, () => {
        const { bisectOnError, batchSize, partialBatchResponses } = mapping.source;
        if (bisectOnError === undefined) return cannotSay('BisectBatchOnFunctionError');
        if (batchSize === 1) return NOT_APPLICABLE;
        if (bisectOnError || partialBatchResponses === true) return PASSED;
        return {
          outcome: 'finding',
          severity: 'low',
          evidence: 'BisectBatchOnFunctionError is off and no partial batch responses',
          stake: null,
          fix: mappingFix(mapping, 'Split failing batches', {
            cdk: 'bisectBatchOnError: true',
            cloudFormation: 'BisectBatchOnFunctionError: true',
            cli: '--bisect-batch-on-function-error',
          }),
        };
      }),
  },
  {
    id: 'stream-no-failure-destination',
    scope: 'mapping',
    title: 'records that are given up leave no trace',
    why: 'Without an on-failure destination nobody learns which records were skipped.',
    evaluate: (mapping) =>
      ofStream(mapping, () => {
        const { onFailure } = mapping.source;
        if (onFailure === undefined) return cannotSay('on-failure destination of the mapping');
        if (onFailure !== null) return PASSED;
        return {
          outcome: 'finding',
          severity: 'medium',
          evidence: 'no on-failure destination',
          stake: null,
          fix: mappingFix(mapping, 'Send what is given up to a queue that is watched', {
            cdk: 'onFailure: new SqsDlq(failures)',
            cloudFormation: 'DestinationConfig:\n  OnFailure:\n    Destination: !GetAtt Failures.Arn',
            cli: `--destination-config 'OnFailure={Destination=QUEUE_ARN}'`,
          }),
        };
      }),
  },
];
