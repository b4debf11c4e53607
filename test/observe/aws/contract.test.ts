import { awsSource } from '../../../src/observe/aws/source.ts';
import { sourceContract } from '../source-contract.ts';
import { busyOrders, NOW } from './account.ts';
import { fakeAws } from './fake-aws.ts';

sourceContract('AWS over the wire', async () => ({
  source: awsSource({ clients: fakeAws(busyOrders()).clients, sleep: async () => undefined }),
  firstTickAt: NOW,
  publishDelayMs: 60_000,
}));

sourceContract('AWS over the wire, most of which is denied', async () => {
  const aws = fakeAws(busyOrders());
  const denied = ['GetFunction', 'GetMetricData', 'ListMessageMoveTasks', 'GetAccountSettings'];
  aws.state.fault = ({ operation, input }) =>
    denied.includes(operation) || String(input['QueueUrl']).endsWith('orders-dlq')
      ? { status: 403, code: 'AccessDeniedException' }
      : undefined;
  return {
    source: awsSource({ clients: aws.clients, sleep: async () => undefined }),
    firstTickAt: NOW,
    publishDelayMs: 60_000,
  };
});
