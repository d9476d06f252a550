import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { TableHandle } from '#platform/table/table.ts';

/** The sweeps that keep every pair right; a day without one is a day on which lost signals stay lost. */
export type Sweep = 'reconcile' | 'verify';

const markSchema = z.object({ at: z.iso.datetime() });
const key = (sweep: Sweep) => ({ pk: 'sweeps', sk: sweep });

/** When each sweep last came to its end; kept in the table, so that it is known without Temporal. */
export function createSweepMarks(table: TableHandle) {
  return {
    /** `at`: UTC instant. */
    async note(sweep: Sweep, at: string): Promise<void> {
      await table.client.send(new PutCommand({ TableName: table.name, Item: { ...key(sweep), at } }));
    },
    async last(sweep: Sweep): Promise<string | undefined> {
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: key(sweep), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : markSchema.parse(Item).at;
    },
  };
}

export type SweepMarks = ReturnType<typeof createSweepMarks>;
