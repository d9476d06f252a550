import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import { ROLES, type Principal, type Role } from './principal.ts';
import { transact, type TableHandle, type TransactResult } from '#platform/table/table.ts';
import { keyCache } from './key-cache.ts';
import { hashSecret, mintKey, mintKeyId, parseKey, secretMatches, type ParsedKey } from './key.ts';

const itemSchema = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  // A key made before keys had teams belongs to none.
  teams: z.array(z.string()).default([]),
  secret_sha256: z.string(),
  created_at: z.string(),
  created_by: z.string(),
  revoked_at: z.string().optional(),
  revoked_by: z.string().optional(),
});
type KeyItem = z.infer<typeof itemSchema>;

/** A key as shown to admins: everything but the secret, which cannot be read again. */
export type ApiKey = Omit<KeyItem, 'secret_sha256'>;

export interface NewKey {
  /** The principal, recorded as author, approver and in the audit trail. A principal may have several keys. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Teams whose documents the key may act on; an admin acts on all. */
  readonly teams: readonly string[];
  readonly createdBy: string;
  /** Default: a new one. */
  readonly id?: string;
}

export interface KeysStore {
  /** The principal of a key, or `undefined` if the key is malformed, unknown, wrong or revoked. */
  authenticate(text: string): Promise<Principal | undefined>;
  /** Returns the text of the key, which cannot be read again. Throws `KEY_SHOWN_ONCE` if there is a key of this id. */
  create(key: NewKey): Promise<{ readonly key: ApiKey; readonly text: string }>;
  list(): Promise<ApiKey[]>;
  /** Idempotent. Throws `KEY_NOT_FOUND`, and `LAST_ADMIN_KEY` for the last key with the role admin. */
  revoke(id: string, revokedBy: string): Promise<ApiKey>;
  /**
   * Creates an admin key if there is none. A condition in the table decides, so concurrent callers create only one.
   */
  createFirstAdmin(name: string): Promise<{ readonly key: ApiKey; readonly text: string } | undefined>;
}

const PARTITION = 'api-keys';
const COUNTER = { pk: PARTITION, sk: 'admins' } as const;
const TRIES = 20;

export function createKeysStore(table: TableHandle, now: () => Date = () => new Date()): KeysStore {
  const address = (id: string) => ({ pk: PARTITION, sk: `key#${id}` });

  async function read(id: string): Promise<KeyItem | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: address(id), ConsistentRead: true }),
    );
    return Item && itemSchema.parse(Item);
  }

  async function readAll(): Promise<KeyItem[]> {
    const items: KeyItem[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': PARTITION, ':sk': 'key#' },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      items.push(...(page.Items ?? []).map((item) => itemSchema.parse(item)));
      start = page.LastEvaluatedKey;
    } while (start);
    return items;
  }

  const cache = keyCache(readAll);

  function mint(key: NewKey): { item: KeyItem; text: string } {
    const { id, secret, text } = mintKey(key.id ?? mintKeyId());
    const item = {
      id,
      name: key.name,
      roles: [...new Set(key.roles)],
      teams: [...new Set(key.teams)].sort(),
      secret_sha256: hashSecret(secret),
      created_at: now().toISOString(),
      created_by: key.createdBy,
    };
    return { item, text };
  }

  const putNew = (item: KeyItem) => ({
    TableName: table.name,
    Item: { ...address(item.id), ...item },
    ConditionExpression: 'attribute_not_exists(pk)',
  });

  /** The number of admin keys is a separate item, so that a condition can protect the last one in a race. */
  const countAdmins = (by: 1 | -1, condition?: { expression: string; least: number }) => ({
    Update: {
      TableName: table.name,
      Key: COUNTER,
      UpdateExpression: 'ADD admins :by',
      ExpressionAttributeValues: { ':by': by, ...(condition && { ':least': condition.least }) },
      ...(condition && { ConditionExpression: condition.expression }),
    },
  });

  return {
    async authenticate(text) {
      const parsed = parseKey(text);
      if (!parsed) return undefined;
      // Every refusal takes the same path, so that its time does not tell a wrong secret from an unknown id.
      return principalOf(cache.kept(), parsed) ?? principalOf(await cache.read(), parsed);
    },

    async create(key) {
      const { item, text } = mint(key);
      const put = { Put: putNew(item) };
      const made = await transactOnceFree(() =>
        transact(table, item.roles.includes('admin') ? [put, countAdmins(1)] : [put]),
      );
      if (!made.ok)
        throw made.reasons[0] === 'ConditionalCheckFailed' ? shownOnce(item) : tooBusy(made.reasons);
      return { key: withoutSecret(item), text };
    },

    async list() {
      const keys = (await readAll()).map(withoutSecret);
      return keys.sort((a, b) => a.created_at.localeCompare(b.created_at));
    },

    async revoke(id, revokedBy) {
      const item = await read(id);
      if (!item) throw new MillraceError('KEY_NOT_FOUND', `There is no key ${id}.`);
      if (item.revoked_at !== undefined) return withoutSecret(item);
      const revoked = { revoked_at: now().toISOString(), revoked_by: revokedBy };
      const revokeItem = {
        Update: {
          TableName: table.name,
          Key: address(id),
          UpdateExpression: 'SET revoked_at = :at, revoked_by = :by',
          ConditionExpression: 'attribute_not_exists(revoked_at)',
          ExpressionAttributeValues: { ':at': revoked.revoked_at, ':by': revokedBy },
        },
      };
      const isAdmin = item.roles.includes('admin');
      const leaveOne = countAdmins(-1, { expression: 'admins > :least', least: 1 });
      const result = await transactOnceFree(() =>
        transact(table, isAdmin ? [revokeItem, leaveOne] : [revokeItem]),
      );
      cache.forget();
      if (result.ok) return withoutSecret({ ...item, ...revoked });
      // It was revoked concurrently, so there is nothing left to do.
      if (result.reasons[0] === 'ConditionalCheckFailed') return withoutSecret((await read(id)) ?? item);
      if (result.reasons[1] === 'ConditionalCheckFailed')
        throw new MillraceError('LAST_ADMIN_KEY', `Key ${id} (${item.name}) is the last admin key.`);
      throw tooBusy(result.reasons);
    },

    async createFirstAdmin(name) {
      const { item, text } = mint({ name, roles: ['admin'], teams: [], createdBy: 'bootstrap' });
      const none = countAdmins(1, {
        expression: 'attribute_not_exists(admins) OR admins < :least',
        least: 1,
      });
      const result = await transactOnceFree(() => transact(table, [{ Put: putNew(item) }, none]));
      if (result.ok) return { key: withoutSecret(item), text };
      if (result.reasons[1] === 'ConditionalCheckFailed') return undefined;
      throw tooBusy(result.reasons);
    },
  };
}

/** Compared with when there is no such key, so that the work is the same. */
const NO_SECRET = hashSecret('');

function principalOf(
  items: ReadonlyMap<string, KeyItem> | undefined,
  { id, secret }: ParsedKey,
): Principal | undefined {
  const item = items?.get(id);
  const matches = secretMatches(secret, item?.secret_sha256 ?? NO_SECRET);
  if (!matches || item === undefined || item.revoked_at !== undefined) return undefined;
  return { name: item.name, roles: item.roles, teams: item.teams };
}

function withoutSecret(item: KeyItem): ApiKey {
  const { id, name, roles, teams, created_at, created_by, revoked_at, revoked_by } = item;
  return { id, name, roles, teams, created_at, created_by, revoked_at, revoked_by };
}

function shownOnce({ id, name }: KeyItem): MillraceError {
  return new MillraceError('KEY_SHOWN_ONCE', `The key ${id} (${name}) exists already.`, {
    details: { key_id: id },
  });
}

function tooBusy(reasons: readonly string[]): MillraceError {
  return new MillraceError('STORE_UNREACHABLE', `The keys could not be written: ${reasons.join(', ')}.`);
}

/** If two transactions change the admin counter at once, one caller is told to retry. */
async function transactOnceFree(attempt: () => Promise<TransactResult>): Promise<TransactResult> {
  for (let tries = 1; ; tries++) {
    const result = await attempt();
    if (result.ok || tries === TRIES || !result.reasons.includes('TransactionConflict')) return result;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * tries));
  }
}
