import { digestOf } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { transact, type TransactItem } from '#platform/table/table.ts';
import type { Delete, Put, RegistryStore } from '../commit-to-pair.ts';
import type { Entities } from '../entities.ts';
import { utcInstant } from '../instant.ts';
import { readStage } from '../read-items.ts';
import { listingShard } from '../shards.ts';
import { checkPrecondition, type Precondition } from './precondition.ts';
import { checkTags, type Tags } from './tag-limits.ts';

export interface TaggedVersion {
  readonly tags: Tags;
  /** Of the tags; equal tags have the same digest. */
  readonly digest: string;
}

export interface ChangeTags {
  readonly pair: Pair;
  readonly version: number;
  /** The tags afterwards. Called again if another change comes first. */
  readonly change: (tags: Tags) => Tags;
  /** Compared with the digest of the tags. Undefined: the change fits any tags. */
  readonly expected?: Precondition | undefined;
  readonly principal: string;
}

/** How often a change without a precondition is made again after others. */
const ROUNDS = 20;

/** Strongly consistent; no tags are an empty object. Does not ask whether the version exists. */
export async function readTags(entities: Entities, pair: Pair, version: number): Promise<TaggedVersion> {
  const { data } = await entities.tags
    .get({ model: pair.model, feature_set: pair.feature_set, version })
    .go({ consistent: true });
  return data === null ? { tags: {}, digest: digestOf({}) } : { tags: data.tags, digest: data.digest };
}

/**
 * Changes the tags of a version by one conditional write. It does not touch the pair's head, so it neither waits for
 * other changes of the pair nor enters the dossier: tags decide nothing. Throws `VERSION_NOT_FOUND`, `VERSION_DELETED`,
 * `TAGS_OVER_LIMIT`, `PRECONDITION_FAILED`, `REGISTRY_BUSY`.
 */
export async function changeTags(store: RegistryStore, input: ChangeTags): Promise<TaggedVersion> {
  const { entities } = store;
  const { pair, version, expected, change } = input;
  const where = `${pairKey(pair)}/${version}`;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [before] = await Promise.all([
      readTags(entities, pair, version),
      readStage(entities, pair, version),
    ]);
    if (expected !== undefined) {
      const known =
        Object.keys(before.tags).length === 0 && expected === 'absent' ? undefined : before.digest;
      checkPrecondition(`The set of tags of ${where}`, known, expected);
    }
    const tags = checkTags(change(before.tags));
    const after = { tags, digest: digestOf(tags) };
    if (after.digest === before.digest || (await write(store, input, before, after))) return after;
  }
  throw new MillraceError('REGISTRY_BUSY', `The tags of ${where} were changed by others ${ROUNDS} times.`, {
    where,
  });
}

/** False if the tags are no longer as they were read. */
async function write(
  { entities, table, now, note }: RegistryStore,
  { pair, version, principal }: ChangeTags,
  before: TaggedVersion,
  after: TaggedVersion,
): Promise<boolean> {
  const noted = note?.();
  const change = changeOf(entities, { ...pair, version }, before, {
    ...after,
    changed_by: principal,
    changed_at: utcInstant(now().toISOString()),
    listing_shard: listingShard(pair),
  });
  const outcome = await transact(table, [change, ...(noted?.items() ?? [])]);
  if (outcome.ok) noted?.committed();
  return outcome.ok;
}

interface TagFacts extends TaggedVersion {
  readonly changed_by: string;
  readonly changed_at: string;
  readonly listing_shard: string;
}

/** Conditional on the tags that were read. */
function changeOf(
  { tags }: Entities,
  key: Pair & { readonly version: number },
  before: TaggedVersion,
  after: TagFacts,
): TransactItem {
  if (Object.keys(before.tags).length === 0) return { Put: tags.create({ ...key, ...after }).params<Put>() };
  if (Object.keys(after.tags).length === 0) {
    const removed = tags.delete(key).where((stored, is) => is.eq(stored.digest, before.digest));
    return { Delete: removed.params<Delete>() };
  }
  const put = tags.put({ ...key, ...after }).where((stored, is) => is.eq(stored.digest, before.digest));
  return { Put: put.params<Put>() };
}
