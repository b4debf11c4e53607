import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { World } from './world.ts';

/** A table as the stack makes it for the store. */
export async function createTable(world: World, name: string): Promise<void> {
  await world.dynamo.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
}
