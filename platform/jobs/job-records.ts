import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { TableHandle } from '#platform/table/table.ts';

/** That a workflow started an outside job: how operators find its log again. */
export interface JobRecord {
  readonly workflow_id: string;
  readonly key: string;
  readonly backend: string;
  readonly title: string;
  readonly submitted_at: string;
}

const partition = (workflowId: string): string => `JOBS#${workflowId}`;

/** Written before the job starts, so that no job is without a record; writing it twice changes nothing. */
export async function recordJob(table: TableHandle, record: JobRecord): Promise<void> {
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { pk: partition(record.workflow_id), sk: `${record.submitted_at}#${record.key}`, ...record },
    }),
  );
}

/** Jobs of one workflow id, oldest first, over all its runs. */
export async function jobsOf(table: TableHandle, workflowId: string): Promise<readonly JobRecord[]> {
  const answer = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition(workflowId) },
      ConsistentRead: true,
    }),
  );
  return (answer.Items ?? []).map((item) => ({
    workflow_id: String(item['workflow_id']),
    key: String(item['key']),
    backend: String(item['backend']),
    title: String(item['title']),
    submitted_at: String(item['submitted_at']),
  }));
}
