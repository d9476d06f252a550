import { GetCommand, UpdateCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { TableHandle } from '#platform/table/table.ts';
import type { JobHandle } from './job-backend.ts';

/** Records that an outside job may exist, and where. Written with its licence; every later access to the job uses it. */
export interface JobRecord {
  readonly workflow_id: string;
  /** `firstExecutionRunId` of the workflow. */
  readonly first_run_id: string;
  /** The team that the job counts for. */
  readonly team: string;
  readonly handle: JobHandle;
  readonly title: string;
  readonly submitted_at: string;
  /** Set if nobody waits for this job any more: its machine was lost, or its workflow was ended. It is final. */
  readonly given_up_at?: string;
}

type Item = Readonly<Record<string, unknown>>;

/** What finds the record of a job. */
export interface JobPlace {
  readonly workflow_id: string;
  readonly key: string;
}

export const recordKey = ({ workflow_id, key }: JobPlace) => ({ pk: `JOBS#${workflow_id}`, sk: key });

export const placeOf = ({ workflow_id, handle }: JobRecord): JobPlace => ({ workflow_id, key: handle.key });

/** Strongly consistent. */
export async function findJob(table: TableHandle, place: JobPlace): Promise<JobRecord | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: recordKey(place), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : recordOf(Item);
}

/** Adds the backend's own name for the job. */
export async function recordHandle(table: TableHandle, workflowId: string, handle: JobHandle): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: recordKey({ workflow_id: workflowId, key: handle.key }),
      UpdateExpression: 'SET #handle = :handle',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#handle': 'handle' },
      ExpressionAttributeValues: { ':handle': handle },
    }),
  );
}

/** Marks a recorded job that nobody waits for any more, so that no worker starts or adopts it. The first mark stays. */
export async function recordGivenUp(table: TableHandle, place: JobPlace): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: recordKey(place),
      UpdateExpression: 'SET given_up_at = if_not_exists(given_up_at, :now)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':now': new Date().toISOString() },
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

function recordOf(item: Item): JobRecord {
  const { workflow_id, first_run_id, team, handle, title, submitted_at, given_up_at } = item;
  return {
    workflow_id: String(workflow_id),
    first_run_id: String(first_run_id),
    team: String(team),
    handle: handle as JobHandle,
    title: String(title),
    submitted_at: String(submitted_at),
    ...(typeof given_up_at === 'string' ? { given_up_at } : {}),
  };
}
