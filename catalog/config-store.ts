import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { digestOf } from '#configs/canonical.ts';
import type { ConfigDocument, DocumentKey } from '#configs/config-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { keyOfToken, tokenOfKey, type Page, type PageRequest } from '#platform/table/page.ts';
import { compareAndSet } from '#platform/table/compare-and-set.ts';
import { refuseTooLarge } from '#platform/table/table-error.ts';
import type { TableHandle, TransactItem } from '#platform/table/table.ts';
import {
  type AppliedConfigs,
  type ApplyResult,
  type ConfigRevision,
  EMPTY_BASE_DIGEST,
} from './applied-configs.ts';
import { movedBetween } from './conditions.ts';
import { changedDocuments, type ConfigChange } from './config-change.ts';
import { createConfigObjects } from './config-objects.ts';
import { nextRevision } from './next-revision.ts';
import { stalePlan } from './stale-plan.ts';

export type { AppliedConfigs, ApplyResult, ConfigRevision } from './applied-configs.ts';
export type ConfigStore = ReturnType<typeof createConfigStore>;

const PARTITION = 'configs';
const DEADLINE_MS = 10_000;
/** The highest number that fits into a revision's key. */
const LAST_REVISION = 99_999_999;

/** Item that records the result of a command, so that a repeated command returns it. */
interface CommandItem {
  readonly request_digest: string;
  readonly result: ApplyResult;
}

interface Command {
  readonly principal: string;
  readonly commandId: string;
  readonly requestDigest: string;
}

export interface ApplyOptions {
  readonly remove?: readonly DocumentKey[];
  /**
   * Called with the current state if it is not the base, before each attempt: validates the change on that state, and
   * throws if it must not be applied there.
   */
  readonly admit?: (current: AppliedConfigs) => Promise<void>;
}

/**
 * The applied configs. Documents and states are immutable objects in the bucket; one head item in the table names the
 * current state. An apply writes the objects first and moves the head last, conditional on the head that it read, so it is
 * atomic.
 */
export function createConfigStore(
  table: TableHandle,
  objects: ObjectStore,
  now: () => Date = () => new Date(),
) {
  const stored = createConfigObjects(objects);
  // Applies of one process would only lose races against each other.
  const turn = pLimit(1);

  /** Strongly consistent read. */
  async function item(sk: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: { pk: PARTITION, sk }, ConsistentRead: true }),
    );
    return Item;
  }

  async function baseDigest(): Promise<string> {
    const head = await item('head');
    return typeof head?.base_digest === 'string' ? head.base_digest : EMPTY_BASE_DIGEST;
  }

  /** The result of an earlier run of the command, or undefined. Throws `COMMAND_ID_REUSED` if that was another request. */
  async function outcome(commandId: string, requestDigest: string): Promise<ApplyResult | undefined> {
    const found = (await item(`command#${commandId}`)) as CommandItem | undefined;
    if (found === undefined) return undefined;
    if (found.request_digest === requestDigest) return found.result;
    throw new MillraceError('COMMAND_ID_REUSED', `The command id ${commandId} was used for another apply.`, {
      details: { command_id: commandId },
    });
  }

  /** The revisions after one and up to another, oldest first. */
  async function* revisionsBetween(after: number, through: number): AsyncGenerator<ConfigRevision> {
    // DynamoDB refuses a range that is empty.
    if (after >= through) return;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': PARTITION,
            ':from': revisionKey(after + 1),
            ':to': revisionKey(through),
          },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      for (const found of page.Items ?? []) yield (found as { body: ConfigRevision }).body;
      start = page.LastEvaluatedKey;
    } while (start);
  }

  async function refuseMoved(base: string, current: AppliedConfigs, change: ConfigChange): Promise<void> {
    if (!(await stored.has(base))) {
      throw new MillraceError('PLAN_STALE', `No plan was made on ${base}.`, {
        details: { base_digest: base, current: current.base_digest },
      });
    }
    const planned = await stored.state(base);
    const moved = movedBetween(planned, current, change);
    if (moved.length === 0) return;
    throw await stalePlan(planned, current, moved, revisionsBetween(planned.revision, current.revision));
  }

  return {
    /** The newest state. Reads the table on each call; documents are cached by digest. */
    current: async (): Promise<AppliedConfigs> => stored.state(await baseDigest()),

    /** A state by its `base_digest`, however old. Throws `CONFIG_NOT_FOUND`. */
    async at(digest: string): Promise<AppliedConfigs> {
      if (/^[0-9a-f]{32}$/.test(digest) && (await stored.has(digest))) return stored.state(digest);
      throw new MillraceError('CONFIG_NOT_FOUND', `No configs have the digest ${digest}.`, { where: digest });
    },

    outcome,

    /** The state that a revision made; undefined if there is no such revision. 0 is the state before the first one. */
    async atRevision(revision: number): Promise<AppliedConfigs | undefined> {
      if (revision === 0) return stored.state(EMPTY_BASE_DIGEST);
      const found = (await item(revisionKey(revision))) as { readonly body: ConfigRevision } | undefined;
      return found && stored.state(found.body.base_digest);
    },

    /**
     * Applies and removes all of these documents or none; `principal` becomes the author of each document that changes.
     * The caller must have validated the change together with the base (`loadConfigs`). The configs may have moved since,
     * but nothing that the change declares, removes or depends on. Unchanged documents keep their author; if none
     * changed, no revision is made. Idempotent by command id: a repeated command returns its first result.
     * Throws `PLAN_STALE`, `COMMAND_ID_REUSED`, `CONFIG_BUSY`, `STORE_ITEM_TOO_LARGE`.
     */
    async apply(
      documents: readonly ConfigDocument[],
      base: string,
      principal: string,
      commandId: string,
      { remove = [], admit }: ApplyOptions = {},
    ): Promise<ApplyResult> {
      const change = { documents, remove };
      const requestDigest = digestOf({ documents, base, principal, ...(remove.length > 0 && { remove }) });
      const write = (): Promise<ApplyResult> =>
        compareAndSet<ApplyResult>(table, {
          deadlineMs: DEADLINE_MS,
          busy: () =>
            new MillraceError('CONFIG_BUSY', `Apply ${commandId} found no free moment in ${DEADLINE_MS} ms.`),
          // If another apply moved the head, the next attempt decides on the state that it left.
          decide: async () => {
            const earlier = await outcome(commandId, requestDigest);
            if (earlier !== undefined) return { settled: earlier };
            const current = await stored.state(await baseDigest());
            if (current.base_digest !== base) {
              await refuseMoved(base, current, change);
              await admit?.(current);
            }
            return prepare(current, change, { principal, commandId, requestDigest });
          },
        });
      return turn(write);
    },

    revisionsBetween,

    /** Newest first. Throws `PAGE_TOKEN_INVALID`. */
    async revisions({ limit = 50, after }: PageRequest = {}): Promise<Page<ConfigRevision>> {
      const before = after === undefined ? LAST_REVISION + 1 : Number(keyOfToken(after, /^[1-9]\d{0,7}$/));
      const { Items = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': PARTITION,
            ':from': revisionKey(0),
            ':to': revisionKey(before - 1),
          },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
        }),
      );
      const items = Items.map((found) => (found as { body: ConfigRevision }).body);
      // Revisions are dense, and 1 is the first.
      const last = items.at(-1)?.revision ?? 1;
      return { items, ...(last > 1 && { next: tokenOfKey(String(last)) }) };
    },
  };

  /** The write of a change on exactly this state, and its result. */
  async function prepare(
    base: AppliedConfigs,
    change: ConfigChange,
    { principal, commandId, requestDigest }: Command,
  ): Promise<{ result: ApplyResult; write: TransactItem[] }> {
    const { created, changed, removed } = changedDocuments(base, change);
    const command = (result: ApplyResult): TransactItem => ({
      Put: {
        TableName: table.name,
        Item: { pk: PARTITION, sk: `command#${commandId}`, request_digest: requestDigest, result },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    });
    const next = nextRevision(base, change, principal);
    if (next === undefined) {
      const { base_digest, revision } = base;
      const result = { base_digest, revision, created, changed, removed };
      const unmoved = { TableName: table.name, Key: { pk: PARTITION, sk: 'head' }, ...onBase(base_digest) };
      return { result, write: [{ ConditionCheck: unmoved }, command(result)] };
    }
    refuseTooLarge(`The keys of ${next.changed.length} documents`, [next.changed, created, changed, removed]);
    await stored.writeDocuments(next.written);
    const { revision } = next.state;
    const digest = await stored.writeState(next.state);
    const result = { base_digest: digest, revision, created, changed, removed };
    const body: ConfigRevision = {
      revision,
      base_digest: digest,
      previous: base.base_digest,
      principal,
      applied_at: now().toISOString(),
      command_id: commandId,
      changed: next.changed,
      removed,
    };
    const head = { pk: PARTITION, sk: 'head', base_digest: digest, revision };
    return {
      result,
      write: [
        { Put: { TableName: table.name, Item: head, ...onBase(base.base_digest) } },
        {
          Put: {
            TableName: table.name,
            Item: { pk: PARTITION, sk: revisionKey(revision), body },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        command(result),
      ],
    };
  }
}

function revisionKey(revision: number): string {
  return `revision#${String(Math.max(revision, 0)).padStart(8, '0')}`;
}

function onBase(base: string) {
  if (base === EMPTY_BASE_DIGEST) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'base_digest = :base',
    ExpressionAttributeValues: { ':base': base },
  };
}
