import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { TableHandle } from '#platform/table/table.ts';

/** The sweeps that keep every pair right; a day without one is a day on which lost signals stay lost. */
export type Sweep = 'reconcile' | 'verify';

const settledSchema = z.object({ before: z.iso.datetime(), rules: z.string() });
const settledKey = { pk: 'sweeps', sk: 'store' };

const markSchema = z.object({ at: z.iso.datetime() });
const key = (sweep: Sweep) => ({ pk: 'sweeps', sk: sweep });

/** When each sweep last came to its end, and what is settled; kept in the table, so that it is known without Temporal. */
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
    /** What the nightly sweep need not look at again: see `settledBy`. `rules` names the rules it went by. */
    async noteSettled(before: string, rules: string): Promise<void> {
      const Item = { ...settledKey, before, rules };
      await table.client.send(new PutCommand({ TableName: table.name, Item }));
    },
    /** Undefined if no sweep has ended by these rules. */
    async settledBefore(rules: string): Promise<string | undefined> {
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: settledKey, ConsistentRead: true }),
      );
      const mark = Item === undefined ? undefined : settledSchema.parse(Item);
      return mark?.rules === rules ? mark.before : undefined;
    },
  };
}

export type SweepMarks = ReturnType<typeof createSweepMarks>;
