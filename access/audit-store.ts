import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { TableHandle } from '#platform/table/table.ts';

export const auditEntrySchema = z
  .object({
    at: z.string().describe('Time of the request, UTC'),
    request_id: z.string(),
    principal: z.string(),
    method: z.string(),
    route: z.string().describe('Pattern of the route'),
    path: z.string().describe('Requested path, without query'),
    status: z
      .number()
      .int()
      .optional()
      .describe('Response status; absent if the API died before it responded'),
    code: z.string().optional().describe('Error code, if the request was rejected or failed'),
    workflow_id: z.string().optional().describe('Workflow that was started, signalled or cancelled'),
  })
  .meta({ id: 'AuditEntry' });

export type AuditEntry = z.infer<typeof auditEntrySchema>;

export interface AuditStore {
  /** Records a change request before it is executed. */
  open(entry: Omit<AuditEntry, 'status' | 'code' | 'workflow_id'>): Promise<void>;
  /** Records the outcome. */
  close(
    entry: Pick<AuditEntry, 'at' | 'request_id'>,
    outcome: Pick<AuditEntry, 'code' | 'workflow_id'> & { readonly status: number },
  ): Promise<void>;
  /** Newest first. Pass `next` as `before` to get the next page. */
  page(query: {
    readonly limit: number;
    readonly before?: string | undefined;
  }): Promise<{ readonly entries: AuditEntry[]; readonly next?: string }>;
}

/** One partition supports a thousand writes a second, far above the rate of change requests. */
const PARTITION = 'audit';

export function createAuditStore(table: TableHandle): AuditStore {
  const address = (entry: Pick<AuditEntry, 'at' | 'request_id'>) => ({
    pk: PARTITION,
    sk: `${entry.at}#${entry.request_id}`,
  });
  return {
    async open(entry) {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...address(entry), ...entry },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    },
    async close(entry, outcome) {
      const facts = Object.entries(outcome).filter(([, value]) => value !== undefined);
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: address(entry),
          UpdateExpression: `SET ${facts.map(([name]) => `#${name} = :${name}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(facts.map(([name]) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(facts.map(([name, value]) => [`:${name}`, value])),
        }),
      );
    },
    async page({ limit, before }) {
      const { Items = [], LastEvaluatedKey } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: before === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :before',
          ExpressionAttributeValues: { ':pk': PARTITION, ...(before !== undefined && { ':before': before }) },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
        }),
      );
      const last: unknown = LastEvaluatedKey?.sk;
      return {
        entries: Items.map((item) => auditEntrySchema.parse(item)),
        ...(typeof last === 'string' && { next: last }),
      };
    },
  };
}
