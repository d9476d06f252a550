import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { transact, type TableHandle } from '#platform/table/table.ts';
import type { WaitingJob } from './admission-order.ts';
import { placeOf, recordKey, type JobRecord } from './job-records.ts';

/** Partition of the licences, their count, and the jobs that wait for one. */
export const ADMISSION = 'ADMITTED';

const WAITING = 'waiting#';
/** A job that has not asked for this long is no longer wanted. */
const FORGOTTEN_MS = 3_600_000;

export const waitingKey = (key: string) => ({ pk: ADMISSION, sk: `${WAITING}${key}` });

/** Keeps a job in the order of admission, unless another attempt was admitted meanwhile. */
export async function rememberWaiting(
  table: TableHandle,
  record: JobRecord,
  { key, ...waiting }: WaitingJob,
): Promise<void> {
  const TableName = table.name;
  await transact(table, [
    {
      ConditionCheck: {
        TableName,
        Key: recordKey(placeOf(record)),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    { Put: { TableName, Item: { ...waitingKey(key), ...waiting } } },
  ]);
}

/** Forgets jobs that stopped asking long before `now`, the time of the Temporal server in milliseconds. */
export async function forgetWaiting(table: TableHandle, now: number): Promise<number> {
  const forgotten = (await waitingJobs(table)).filter(({ asks_by }) => asks_by < now - FORGOTTEN_MS);
  for (const { key, asks_by } of forgotten) {
    const unchanged = {
      ConditionExpression: 'asks_by = :asks_by',
      ExpressionAttributeValues: { ':asks_by': asks_by },
    };
    await transact(table, [{ Delete: { TableName: table.name, Key: waitingKey(key), ...unchanged } }]);
  }
  return forgotten.length;
}

/** Strongly consistent. */
export async function waitingJobs(table: TableHandle): Promise<readonly WaitingJob[]> {
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :waiting)',
      ExpressionAttributeValues: { ':pk': ADMISSION, ':waiting': WAITING },
      ConsistentRead: true,
    },
  );
  const waiting: WaitingJob[] = [];
  for await (const { Items = [] } of pages)
    for (const { sk, pk: _pk, ...rest } of Items)
      waiting.push({ key: String(sk).slice(WAITING.length), ...rest } as WaitingJob);
  return waiting;
}
