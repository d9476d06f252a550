import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { TableHandle } from '#platform/table/table.ts';

const itemSchema = z.object({
  digest: z.string(),
  method: z.string(),
  path: z.string(),
  at: z.string(),
  answer: z.string().optional(),
});

/** The first request that a principal sent with an idempotency key. */
export type KeyedRequest = z.infer<typeof itemSchema>;

export interface KeyedRequestStore {
  /** Records the request under its key unless one is recorded; returns the one that is. `commandId` names principal and key. */
  first(commandId: string, request: KeyedRequest): Promise<KeyedRequest>;
  /** Keeps an answer (JSON) for repeats unless one is kept; returns the one that is. An answer too large to keep is returned as it is. */
  keep(commandId: string, answer: string): Promise<string>;
}

/** An item of DynamoDB holds 400 KB. */
const LARGEST_ANSWER = 300_000;

export function createKeyedRequestStore(table: TableHandle): KeyedRequestStore {
  const address = (commandId: string) => ({ pk: `keyed-request#${commandId}`, sk: 'first' });
  return {
    async first(commandId, request) {
      try {
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...address(commandId), ...request },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
        return request;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const { Item } = await table.client.send(
          new GetCommand({ TableName: table.name, Key: address(commandId), ConsistentRead: true }),
        );
        return itemSchema.parse(Item);
      }
    },

    async keep(commandId, answer) {
      if (Buffer.byteLength(answer) > LARGEST_ANSWER) return answer;
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: address(commandId),
          UpdateExpression: 'SET answer = if_not_exists(answer, :answer)',
          ExpressionAttributeValues: { ':answer': answer },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return z.object({ answer: z.string() }).parse(Attributes).answer;
    },
  };
}
