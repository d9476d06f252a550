import pLimit from 'p-limit';
import { z } from 'zod';
import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectRef } from '#platform/objects/object-ref.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { readVerified } from '#platform/objects/verified-object.ts';
import type { Shard } from './plan.ts';
import type { ShardScores } from './score-shard.ts';
import { scoresPrefix, type ScoresRef } from './scores.ts';

/** The plan of one run: where it is stored, and how many shards it has. */
export interface PlanRef extends ObjectRef {
  readonly shards: number;
}

/** What a shard tells the workflow; its tally stays in the store. */
export interface ShardSummary {
  readonly rows: number;
  readonly declined: number;
}

const count = z.int().min(0);
const counts = z.array(count);
const file = { key: z.string(), size: count, sha256: z.string() };

const planSchema = z.object({
  shards: z.array(
    z.object({
      index: count,
      name: z.string(),
      slices: z.array(z.object({ ...file, first_row: count, rows: count })),
      rows: count,
    }),
  ),
});

const resultSchema = z.object({
  plan: z.string(),
  index: count,
  part: z.object({ ...file, rows: count }),
  declined: count,
  probability_sum: z.number(),
  tally: z.object({ features: z.array(counts), score: counts }),
});
/** The digest tells a result that was damaged from one that is as it was written. */
const storedSchema = z.object({ sha256: z.string(), result: resultSchema });

/** Results read at once. */
const READS_AT_ONCE = 16;
/** The files of a run that ended long ago are swept. */
const CODES = { differs: 'SCORE_FILE_DIGEST_MISMATCH', missing: 'SCORES_PART_GONE' } as const;

/**
 * What the shards of one run pass on to its commit, in files beside the parts instead of in the history: with 300 features a
 * tally is tens of kilobytes. No manifest names these files, so the commit, or else the nightly sweep, removes them.
 */
export function createShardResults(objects: ObjectStore) {
  /** Plans do not change, and each is read once per shard. */
  let last: { readonly ref: ObjectRef; readonly shards: readonly Shard[] } | undefined;

  async function shardsOf({ key, sha256 }: ObjectRef): Promise<readonly Shard[]> {
    if (last?.ref.key === key && last.ref.sha256 === sha256) return last.shards;
    const bytes = await readVerified(objects, { key, sha256 }, CODES);
    const { shards } = planSchema.parse(JSON.parse(bytes.toString()));
    last = { ref: { key, sha256 }, shards };
    return shards;
  }

  async function read(plan: ObjectRef, shard: Shard): Promise<ShardScores> {
    const key = resultKey(plan, shard);
    const where = objects.uri(key);
    const parsed = storedSchema.safeParse(parseJson(await objects.get(key)));
    const { sha256, result } = parsed.data ?? {};
    const isOwn =
      result?.plan === plan.sha256 && result.index === shard.index && result.part.rows === shard.rows;
    if (result === undefined || !isOwn || sha256Hex(canonicalJson(result)) !== sha256)
      throw new MillraceError(CODES.differs, `${where} is not the result of shard ${shard.name}.`, { where });
    return result;
  }

  return {
    shardsOf,

    /** `run_id` keeps runs apart: a run that follows a failed one may be of another release, and scores anew. */
    async writePlan(ref: ScoresRef, run_id: string, shards: readonly Shard[]): Promise<PlanRef> {
      const body = canonicalJson({ shards });
      const key = `${scoresPrefix(ref)}run=${run_id}/plan.json`;
      const { written } = await objects.putIfAbsent(key, body, 'application/json');
      if (written) return { key, sha256: sha256Hex(body), shards: shards.length };
      // An earlier attempt, perhaps of a release with other shards.
      const sha256 = sha256Hex(await objects.get(key));
      return { key, sha256, shards: (await shardsOf({ key, sha256 })).length };
    },

    /** The result of an earlier attempt, whose part file is committed then. */
    async find(plan: ObjectRef, shard: Shard): Promise<ShardScores | undefined> {
      try {
        return await read(plan, shard);
      } catch (error) {
        if (hasCode(error, 'OBJECT_NOT_FOUND')) return undefined;
        throw error;
      }
    },

    /** Writes the result, or adopts that of an attempt that was faster, together with its part file. */
    async writeOrAdopt(plan: ObjectRef, shard: Shard, scores: ShardScores): Promise<ShardScores> {
      const result = { ...scores, plan: plan.sha256 };
      const body = canonicalJson({ sha256: sha256Hex(canonicalJson(result)), result });
      const { written } = await objects.putIfAbsent(resultKey(plan, shard), body, 'application/json');
      return written ? scores : read(plan, shard);
    },

    /** The results of all shards of the plan. Throws `SCORES_PART_GONE` if one is missing. */
    async readAll(plan: ObjectRef): Promise<readonly ShardScores[]> {
      const limit = pLimit(READS_AT_ONCE);
      try {
        return await Promise.all((await shardsOf(plan)).map((shard) => limit(() => read(plan, shard))));
      } catch (error) {
        if (!hasCode(error, 'OBJECT_NOT_FOUND')) throw error;
        const where = objects.uri(plan.key);
        throw new MillraceError(CODES.missing, 'The result of a shard does not exist any more.', {
          where,
          cause: error,
        });
      }
    },
  };
}

function resultKey(plan: ObjectRef, shard: Shard): string {
  return `${plan.key.slice(0, plan.key.lastIndexOf('/'))}/${shard.name}.json`;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
