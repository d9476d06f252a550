import pLimit from 'p-limit';
import { transact, type TableHandle, type TransactItem } from '#platform/table/table.ts';

export type Put = NonNullable<TransactItem['Put']>;

/** What DynamoDB takes in one transaction. */
const BATCH = 100;
const BATCHES_AT_ONCE = 8;

/** Writes items directly; as commits of the registry they would take too long. */
export async function putAll(table: TableHandle, puts: readonly Put[]): Promise<void> {
  const atOnce = pLimit(BATCHES_AT_ONCE);
  const batches = Array.from({ length: Math.ceil(puts.length / BATCH) }, (_, batch) =>
    puts.slice(batch * BATCH, (batch + 1) * BATCH),
  );
  const written = await Promise.all(
    batches.map((batch) =>
      atOnce(() =>
        transact(
          table,
          batch.map((one) => ({ Put: one })),
        ),
      ),
    ),
  );
  if (!written.every(({ ok }) => ok)) throw new Error('Some items were not written.');
}
