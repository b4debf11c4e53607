import { describe, expect, it } from 'vitest';
import { consoleLinks, functionUrl, logsUrl, queueUrl } from '../../../src/respond/alert/console-links.ts';
import { alertOf, incidentOf, ONSET_AT } from './build.ts';

describe('partitions', () => {
  it.each([
    ['us-east-1', 'us-east-1.console.aws.amazon.com', 'sqs.us-east-1.amazonaws.com'],
    ['ap-southeast-7', 'ap-southeast-7.console.aws.amazon.com', 'sqs.ap-southeast-7.amazonaws.com'],
    ['cn-north-1', 'cn-north-1.console.amazonaws.cn', 'sqs.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com', 'sqs.us-gov-west-1.amazonaws.com'],
    ['eusc-de-east-1', 'eusc-de-east-1.console.amazonaws-eusc.eu', 'sqs.eusc-de-east-1.amazonaws.eu'],
  ])('%s', (region, consoleHost, sqsHost) => {
    const queue = new URL(queueUrl({ region, account: '111122223333', name: 'orders' }));
    expect(queue.host).toBe(consoleHost);
    expect(queue.hash).toBe(`#/queues/${encodeURIComponent(`https://${sqsHost}/111122223333/orders`)}`);
    expect(new URL(functionUrl(region, 'orders-worker')).host).toBe(consoleHost);
  });

  it.each(['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'local', ''])(
    '%s has no public console',
    (region) => {
      expect(consoleLinks(alertOf({ region }))).toEqual([]);
    },
  );
});

describe('Logs Insights', () => {
  const url = logsUrl({ region: 'eu-west-1', functionName: 'orders-worker', aroundAt: ONSET_AT });

  it('is encoded as the console itself does it', () => {
    expect(url).toMatch(
      /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/cloudwatch\/home\?region=eu-west-1#logsV2:logs-insights\$3FqueryDetail\$3D\$257E\$2528end\$257E\$2527/,
    );
    expect(url).toContain('$257Esource$257E$2528$257E$2527*2faws*2flambda*2forders-worker$2529$2529');
    expect(url).toContain('fields*20*40timestamp*2c*20*40requestId');
  });

  it('has nothing at which a mail program would end the link', () => {
    expect(url).not.toMatch(/[\s'"()<>|]/);
  });

  it('decodes to the query, the log group and the minutes around the onset', () => {
    expect(decode(url)).toEqual(
      "?queryDetail=~(end~'2026-11-01T04:42:00.000Z~start~'2026-11-01T04:07:00.000Z~timeType~'ABSOLUTE~tz~'UTC" +
        "~editorString~'fields @timestamp, @requestId, @message\n" +
        '| filter @message like /(?i)(error|exception|timed out|fatal|out of memory)/\n' +
        "| sort @timestamp asc\n| limit 200~source~(~'/aws/lambda/orders-worker))",
    );
  });
});

/** The three layers, taken off one after the other. */
function decode(url: string): string {
  const fragment = url.split('#logsV2:logs-insights')[1] ?? '';
  const detail = decodeURIComponent(decodeURIComponent(fragment.replaceAll('$', '%')));
  return detail.replace(/\*([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

describe('which links an alert has', () => {
  it('function, logs and queue', () => {
    expect(consoleLinks(alertOf()).map(({ kind, label }) => [kind, label])).toEqual([
      ['function', 'Function'],
      ['logs', 'Logs around 04:12 UTC'],
      ['queue', 'Queue'],
    ]);
  });

  it('only what is concerned', () => {
    expect(
      consoleLinks(alertOf({ incident: incidentOf({ functionName: null }) })).map(({ kind }) => kind),
    ).toEqual(['queue']);
    expect(
      consoleLinks(alertOf({ incident: incidentOf({ queueName: null }) })).map(({ kind }) => kind),
    ).toEqual(['function', 'logs']);
  });

  it('survives names that AWS would not allow', () => {
    const incident = incidentOf({ functionName: "a'b(c)~*!%/é\ud800", queueName: 'x'.repeat(500) });
    const links = consoleLinks(alertOf({ incident }));
    expect(links.map(({ kind }) => kind)).toEqual(['function', 'logs']);
    for (const { url } of links) expect(url).not.toMatch(/[\s'"()<>|]/);
  });
});
