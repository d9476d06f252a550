import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { digestOf } from '#configs/canonical.ts';
import { type ConfigDocument, documentKey, findDocument } from '#configs/config-set.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { compareAndSet } from '#platform/table/compare-and-set.ts';
import type { TableHandle, TransactItem } from '#platform/table/table.ts';
import {
  type AppliedConfigs,
  type ApplyResult,
  type ConfigRevision,
  type ChangedKey,
  type ConfigState,
  EMPTY_BASE_DIGEST,
  TRAINING_RULES,
} from './applied-configs.ts';
import { createConfigObjects } from './config-objects.ts';

export type { AppliedConfigs, ApplyResult, ConfigRevision } from './applied-configs.ts';
export type ConfigStore = ReturnType<typeof createConfigStore>;

const PARTITION = 'configs';
const DEADLINE_MS = 10_000;

/** Item that records the result of a command, so that a repeated command returns it. */
interface CommandItem {
  readonly request_digest: string;
  readonly result: ApplyResult;
}

/**
 * The applied configs. Documents and states are immutable objects in the bucket; one head item in the table names the
 * current state. An apply writes the objects first and moves the head last, conditional on the base, so it is atomic.
 */
export function createConfigStore(
  table: TableHandle,
  objects: ObjectStore,
  now: () => Date = () => new Date(),
) {
  const stored = createConfigObjects(objects);

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

  return {
    /** The newest state. Reads the table on each call; documents are cached by digest. */
    current: async (): Promise<AppliedConfigs> => stored.state(await baseDigest()),

    /** A state by its `base_digest`, however old. Throws `CONFIG_NOT_FOUND`. */
    async at(digest: string): Promise<AppliedConfigs> {
      if (/^[0-9a-f]{32}$/.test(digest) && (await stored.has(digest))) return stored.state(digest);
      throw new MillraceError('CONFIG_NOT_FOUND', `No configs have the digest ${digest}.`, { where: digest });
    },

    outcome,

    /**
     * Applies all of these documents or none; `principal` becomes the author of each document that changes. The caller
     * must have validated them together with the base (`loadConfigs`). Unchanged documents keep their author; if none
     * changed, no revision is made. Idempotent by command id: a repeated command returns its first result.
     * Throws `PLAN_STALE`, `COMMAND_ID_REUSED`, `CONFIG_BUSY`.
     */
    async apply(
      documents: readonly ConfigDocument[],
      base: string,
      principal: string,
      commandId: string,
    ): Promise<ApplyResult> {
      const requestDigest = digestOf({ documents, base, principal });
      let written: { result: ApplyResult; write: TransactItem[] } | undefined;
      return compareAndSet<ApplyResult>(table, {
        deadlineMs: DEADLINE_MS,
        busy: () =>
          new MillraceError('CONFIG_BUSY', `Apply ${commandId} found no free moment in ${DEADLINE_MS} ms.`),
        // If another apply moved the head, the next attempt finds the plan stale.
        decide: async () => {
          const earlier = await outcome(commandId, requestDigest);
          if (earlier !== undefined) return { settled: earlier };
          const seen = await baseDigest();
          if (seen !== base) {
            throw new MillraceError(
              'PLAN_STALE',
              `The plan was made on ${base}, and the configs are now ${seen}.`,
              { details: { base_digest: base, current: seen } },
            );
          }
          written ??= await prepare(await stored.state(base), documents, principal, commandId, requestDigest);
          return written;
        },
      });
    },

    /** The revisions after one and up to another, oldest first. */
    async *revisionsBetween(after: number, through: number): AsyncGenerator<ConfigRevision> {
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
    },

    /** Newest first. `before`: only revisions below this one. */
    async revisions(page: { limit?: number; before?: number } = {}): Promise<readonly ConfigRevision[]> {
      const { Items = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': PARTITION,
            ':from': revisionKey(0),
            ':to': revisionKey((page.before ?? 100_000_000) - 1),
          },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: page.limit ?? 50,
        }),
      );
      return Items.map((found) => (found as { body: ConfigRevision }).body);
    },
  };

  async function prepare(
    base: AppliedConfigs,
    documents: readonly ConfigDocument[],
    principal: string,
    commandId: string,
    requestDigest: string,
  ): Promise<{ result: ApplyResult; write: TransactItem[] }> {
    const moved = documents.filter((document) => {
      const applied = base.digests.has(documentKey(document))
        ? findDocument(base.configs, document)
        : undefined;
      return applied === undefined || digestOf(applied) !== digestOf(document);
    });
    const keys = moved.map(documentKey).toSorted();
    const created = keys.filter((key) => !base.digests.has(key));
    const changed = keys.filter((key) => base.digests.has(key));
    const command = (result: ApplyResult): TransactItem => ({
      Put: {
        TableName: table.name,
        Item: { pk: PARTITION, sk: `command#${commandId}`, request_digest: requestDigest, result },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    });
    if (moved.length === 0) {
      const result = { base_digest: base.base_digest, revision: base.revision, created, changed };
      const unmoved = {
        TableName: table.name,
        Key: { pk: PARTITION, sk: 'head' },
        ...onBase(base.base_digest),
      };
      return { result, write: [{ ConditionCheck: unmoved }, command(result)] };
    }
    await stored.writeDocuments(moved);
    const revision = base.revision + 1;
    const state: ConfigState = {
      revision,
      documents: Object.fromEntries([
        ...[...base.digests].map(([key, digest]) => [key, { digest, author: base.authors.get(key) ?? '' }]),
        ...moved.map((document) => [
          documentKey(document),
          { digest: digestOf(document), author: principal },
        ]),
      ]) as ConfigState['documents'],
    };
    const digest = await stored.writeState(state);
    const result = { base_digest: digest, revision, created, changed };
    const body: ConfigRevision = {
      revision,
      base_digest: digest,
      previous: base.base_digest,
      principal,
      applied_at: now().toISOString(),
      command_id: commandId,
      changed: [...keys, ...(changesTraining(base, moved) ? [TRAINING_RULES] : [])] as ChangedKey[],
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

/** Without a Platform document the default rules hold. */
function changesTraining(base: AppliedConfigs, moved: readonly ConfigDocument[]): boolean {
  const rules = moved.find((document) => document.kind === 'Platform')?.training;
  return rules !== undefined && digestOf(rules) !== digestOf(base.configs.platform.training);
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
