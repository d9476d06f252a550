import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { TableHandle, TransactItem } from '#platform/table/table.ts';

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
    granted: z
      .object({
        key_id: z.string(),
        name: z.string(),
        roles: z.array(z.string()),
        teams: z.array(z.string()),
      })
      .optional()
      .describe('The API key that was created, without its secret'),
  })
  .meta({ id: 'AuditEntry' });

export type AuditEntry = z.infer<typeof auditEntrySchema>;

export interface AuditQuery {
  readonly limit: number;
  /** `next` of the previous page. */
  readonly after?: string | undefined;
  /** UTC instants: from the first, inclusive, to the second, exclusive. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly principal?: string | undefined;
  readonly method?: string | undefined;
  /** Pattern of the route. */
  readonly route?: string | undefined;
  readonly code?: string | undefined;
  readonly status?: number | undefined;
}

export interface AuditStore {
  /** Records a change request before it is executed. */
  open(entry: Omit<AuditEntry, 'status' | 'code' | 'workflow_id' | 'granted'>): Promise<void>;
  /** Records the outcome. */
  close(
    entry: Pick<AuditEntry, 'at' | 'request_id'>,
    outcome: Pick<AuditEntry, 'code' | 'workflow_id' | 'granted'> & { readonly status: number },
  ): Promise<void>;
  /** Records a request that has ended. No-op if its entry was committed together with its change. */
  record(entry: AuditEntry): Promise<void>;
  /** The entry as an item of the transaction that makes the change. */
  item(entry: AuditEntry): TransactItem;
  /** Newest first. A page may hold fewer entries than its limit, or none, although there are more. */
  page(query: AuditQuery): Promise<{ readonly items: AuditEntry[]; readonly next?: string }>;
}

/** One partition supports a thousand writes a second, far above the rate of change requests. */
const PARTITION = 'audit';
/** Sorts after every instant. */
const LAST = '9';
/** Entries that one page with filters looks at. */
const EXAMINED = 1_000;

export function createAuditStore(table: TableHandle): AuditStore {
  const address = (entry: Pick<AuditEntry, 'at' | 'request_id'>) => ({
    pk: PARTITION,
    sk: `${entry.at}#${entry.request_id}`,
  });
  const put = (entry: AuditEntry) => ({ TableName: table.name, Item: { ...address(entry), ...entry } });
  const putNew = (entry: AuditEntry) =>
    table.client.send(new PutCommand({ ...put(entry), ConditionExpression: 'attribute_not_exists(pk)' }));
  return {
    async open(entry) {
      await putNew(entry);
    },
    async record(entry) {
      try {
        await putNew(entry);
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    item: (entry) => ({ Put: put(entry) }),
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
    async page({ limit, after, since, until, ...filters }) {
      const wanted = Object.entries(filters).filter(([, value]) => value !== undefined);
      const { Items = [], LastEvaluatedKey } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :since AND :until',
          ...(wanted.length > 0 && {
            FilterExpression: wanted.map(([name]) => `#${name} = :${name}`).join(' AND '),
            ExpressionAttributeNames: Object.fromEntries(wanted.map(([name]) => [`#${name}`, name])),
          }),
          ExpressionAttributeValues: {
            ':pk': PARTITION,
            ':since': since ?? '0',
            ':until': until ?? LAST,
            ...Object.fromEntries(wanted.map(([name, value]) => [`:${name}`, value])),
          },
          ...(after !== undefined && { ExclusiveStartKey: { pk: PARTITION, sk: after } }),
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: wanted.length === 0 ? limit : Math.max(limit, EXAMINED),
        }),
      );
      const entries = Items.map((item) => auditEntrySchema.parse(item));
      const items = entries.slice(0, limit);
      const end = items.at(-1);
      // What was found beyond the limit is found again by the next page.
      const cut = entries.length > limit && end !== undefined ? address(end).sk : undefined;
      const next: unknown = cut ?? LastEvaluatedKey?.['sk'];
      return { items, ...(typeof next === 'string' && { next }) };
    },
  };
}
