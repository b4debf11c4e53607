import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { dynamoStore } from '../../src/store/dynamo/dynamo-store.ts';
import { storeContract } from '../store/contract.ts';
import { createTable } from './table.ts';
import { describeWithEmulator, openWorld } from './world.ts';

const world = openWorld('dynamo-store');

describeWithEmulator('over the wire', () => {
  let tables = 0;
  storeContract({
    name: 'DynamoDB in the emulator',
    runs: 2,
    make: async () => {
      const TableName = `firebreak-${tables++}`;
      await createTable(world.dynamo, TableName);
      return {
        open: () => dynamoStore(TableName, world.dynamo),
        close: async () => void (await world.dynamo.send(new DeleteTableCommand({ TableName }))),
      };
    },
  });
});
