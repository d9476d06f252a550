import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { TableHandle } from '#platform/table/table.ts';
import type { JobHandle } from './job-backend.ts';

/** Records that a workflow requested an outside job, and on which backend. Every later access to the job uses it. */
export interface JobRecord {
  readonly workflow_id: string;
  readonly handle: JobHandle;
  readonly title: string;
  readonly submitted_at: string;
}

type Item = Readonly<Record<string, unknown>>;

const keyOf = (workflowId: string, handle: JobHandle) => ({ pk: `JOBS#${workflowId}`, sk: handle.key });

/**
 * Written before the job is submitted, so that every job has a record. Returns the first record of the job: the job
 * stays on the backend that this record names, even if the worker now prefers another one.
 */
export async function recordJob(table: TableHandle, record: JobRecord): Promise<JobRecord> {
  const Key = keyOf(record.workflow_id, record.handle);
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...Key, ...record },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return record;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const before = await table.client.send(
      new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
    );
    return recordOf(before.Item ?? record);
  }
}

/** Adds the backend's own name for the job. */
export async function recordHandle(table: TableHandle, workflowId: string, handle: JobHandle): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: keyOf(workflowId, handle),
      UpdateExpression: 'SET #handle = :handle',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#handle': 'handle' },
      ExpressionAttributeValues: { ':handle': handle },
    }),
  );
}

/** Jobs of one workflow id, oldest first, over all its runs. */
export async function jobsOf(table: TableHandle, workflowId: string): Promise<readonly JobRecord[]> {
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `JOBS#${workflowId}` },
      ConsistentRead: true,
    },
  );
  const records: JobRecord[] = [];
  for await (const { Items = [] } of pages) records.push(...Items.map(recordOf));
  const age = ({ submitted_at, handle }: JobRecord): string => `${submitted_at}#${handle.key}`;
  return records.toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
}

function recordOf(item: Item | JobRecord): JobRecord {
  const { workflow_id, handle, title, submitted_at } = item;
  return {
    workflow_id: String(workflow_id),
    handle: handle as JobHandle,
    title: String(title),
    submitted_at: String(submitted_at),
  };
}
