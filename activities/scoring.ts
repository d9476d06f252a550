import { noLiveVersion } from '#registry/deployments/no-live-version.ts';
import type { Client } from '@temporalio/client';
import type { Pair } from '#configs/pair.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { servingPartition } from '#features/partitions/serving-partition.ts';
import { keyColumns } from '#catalog/feature-configs.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { Registry } from '#registry/registry.ts';
import { servingConfigs } from '#scoring/serving-configs.ts';
import { artifactNamed, loadSignature } from '#scoring/model-files.ts';
import { checkPartition } from '#scoring/columns.ts';
import { planShards, SHARD_ROWS } from '#scoring/plan.ts';
import { scoreShard, type ScoreShardDeps, type ShardScores } from '#scoring/score-shard.ts';
import { createShardResults, type PlanRef, type ShardSummary } from '#scoring/shard-results.ts';
import type { Signature } from '#scoring/signature.ts';
import { scoresManifest } from '#scoring/scores-manifest.ts';
import type { ScoresStore } from '#scoring/scores-store.ts';
import type { ScoresManifest, ScoresRef } from '#scoring/scores.ts';
import { TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';
import { scoresSummary, type ScoresSummary } from '#scoring/scores-summary.ts';
import type { ScoreInput, ScoreScheduledInput } from '#workflows/contract/messages.ts';
import { searchAttributes } from '#workflows/contract/search-attributes.ts';
import { chosenConfigs } from './chosen-configs.ts';
import { withHeartbeat } from './heartbeat.ts';
import { begunServingDates } from '#scoring/score-dates.ts';
import { scoreDateOfTick } from '#scoring/ticks.ts';
import type { PartitionChoice, PlannedInput, ShardInput } from './scoring-types.ts';
import { ensureRun, waitedFor } from './shared-runs.ts';
import { runIdentity } from './run-identity.ts';

export interface ScoringDeps {
  readonly client: Client;
  readonly configs: ConfigStore;
  readonly partitions: PartitionStore;
  readonly registry: Registry;
  readonly scores: ScoresStore;
  readonly shards: ScoreShardDeps;
  /** Rows per shard; default 250,000. */
  readonly shardRows?: number;
}

type Tick = ScoreScheduledInput & { readonly scheduled_at: string };
type WithPartition = ScoreInput & { readonly partition: PartitionRef };

export type ScoringActivities = ReturnType<typeof createScoringActivities>;

export function createScoringActivities(deps: ScoringDeps) {
  const { objects } = deps.shards;
  const results = createShardResults(objects);
  const summarise = (manifest: ScoresManifest) => scoresSummary(manifest, (key) => objects.uri(key));

  async function signatureOf(ref: ScoresRef): Promise<Signature> {
    const { artifacts } = await deps.registry.version(ref, ref.version);
    return loadSignature(objects, artifacts);
  }

  async function committedScores(ref: ScoresRef): Promise<ScoresSummary | undefined> {
    const manifest = await deps.scores.find(ref);
    return manifest && summarise(manifest);
  }

  /**
   * What to score for a tick, and with which configs. Decided once: another version may be live in the next turn, and the day is
   * scored by the version that it started with. Null if the tick belongs to no day.
   */
  async function scoringOfTick(input: Tick): Promise<ScoreInput | null> {
    const { pair, schedule, timezone, scheduled_at } = input;
    const score_date = scoreDateOfTick(schedule, timezone, scheduled_at);
    if (score_date === null) return null;
    const number = await versionOfTick(pair, score_date, scheduled_at);
    const version = await deps.registry.version(pair, number);
    const { base_digest: configs } = await servingConfigs(deps.configs, version);
    return { ref: { ...pair, version: number, score_date, revision: 1 }, configs };
  }

  /**
   * The version that was live at the tick, whatever is live when it is made up for: a day that was scored then is not scored again
   * by a later version. The one that is live now, if none was, or if that one was taken out before it scored. Throws
   * `NO_LIVE_VERSION`.
   */
  async function versionOfTick(pair: Pair, score_date: string, scheduledAt: string): Promise<number> {
    const then = await deps.registry.liveAt(pair, scheduledAt);
    if (then !== undefined) {
      const { version, ended_by = 'replaced' } = then;
      if (ended_by === 'replaced') return version;
      if ((await deps.scores.find({ ...pair, version, score_date, revision: 1 })) !== undefined)
        return version;
    }
    const state = await deps.registry.state(pair);
    if (state.live === null) throw noLiveVersion(state);
    return state.live.version;
  }

  return {
    async findScores(ref: ScoresRef): Promise<ScoresSummary | null> {
      return (await committedScores(ref)) ?? null;
    },

    /**
     * The partitions usable for the day: the newest date of `begunServingDates`, built or not, and
     * an older one that stands.
     * Uses the version's own definition, with which the run was started, regardless of later applies. Throws
     * `SCORES_NO_PARTITION`.
     */
    async choosePartition({ ref, configs, refresh }: ScoreInput): Promise<PartitionChoice> {
      const { set, model, all } = await chosenConfigs(deps.configs, configs, ref);
      const { score_date } = ref;
      const dates = begunServingDates(set, model.deploy, { score_date, now: new Date() });
      const stores = { objects, partitions: deps.partitions };
      const serving = await servingPartition(stores, set, all, { dates, ...(refresh && { refresh }) });
      if (serving === undefined) {
        throw new MillraceError(
          'SCORES_NO_PARTITION',
          `No partition date of feature set "${set.name}" is at most ${set.partition.max_staleness} before ${ref.score_date}.`,
          { where: workflowId.score(ref), details: { score_date: ref.score_date, ...set.partition } },
        );
      }
      const { newest, fallback } = serving;
      const anew = newest.build && newest.ref.revision > 1;
      return { newest: newest.ref, fallback: newest.build ? fallback : null, ...(anew && { refresh: true }) };
    },

    /** Rejects a partition that the model cannot be scored on, before any row is read. */
    async planShards({ ref, partition }: WithPartition): Promise<PlanRef> {
      const manifest = await deps.partitions.get(partition);
      checkPartition(manifest, await signatureOf(ref));
      const shards = planShards(manifest.parts, deps.shardRows ?? SHARD_ROWS);
      return results.writePlan(ref, runIdentity().run_id, shards);
    },

    /** Scores one shard, unless an earlier attempt has, and leaves its part and its result in the store. */
    async scoreShard({ ref, partition, plan, index }: ShardInput): Promise<ShardSummary> {
      const shard = (await results.shardsOf(plan))[index];
      if (shard === undefined) throw new TypeError(`The plan has no shard ${index}.`);
      const { artifacts, cut_off } = await deps.registry.version(ref, ref.version);
      const score = () =>
        withHeartbeat(({ tell, signal }) =>
          scoreShard(
            { ...deps.shards, signal, heartbeat: (rows) => tell({ rows, of: shard.rows }) },
            { ref, shard, partition_date: partition.dt, artifacts, cut_off },
          ),
        );
      const scored =
        (await results.find(plan, shard)) ?? (await results.writeOrAdopt(plan, shard, await score()));
      return { rows: scored.part.rows, declined: scored.declined };
    },

    async commitScores(input: PlannedInput): Promise<ScoresSummary> {
      const { ref, partition, plan } = input;
      const committed = await deps.scores.find(ref);
      // Again, to remove what an attempt that died right after its commit has left.
      if (committed !== undefined) return summarise(await deps.scores.commit(committed));
      const { set, platform, all } = await chosenConfigs(deps.configs, input.configs, ref);
      const { artifacts, cut_off } = await deps.registry.version(ref, ref.version);
      const signature = await signatureOf(ref);
      let shards: readonly ShardScores[];
      try {
        shards = await results.readAll(plan);
      } catch (error) {
        // An earlier attempt may have committed, which removes the results.
        const winner = hasCode(error, 'SCORES_PART_GONE') ? await deps.scores.find(ref) : undefined;
        if (winner === undefined) throw error;
        return summarise(winner);
      }
      const manifest = scoresManifest({
        ref,
        partition,
        shards,
        signature,
        entity: keyColumns(set, all),
        cut_off,
        thresholds: platform.drift,
        reason_texts: Object.fromEntries(
          Object.entries(set.features).map(([name, { description }]) => [name, description]),
        ),
        model_sha256: artifactNamed(artifacts, 'model.onnx').sha256,
        built_by: runIdentity(),
        built_at: new Date().toISOString(),
      });
      return summarise(await deps.scores.commit(manifest));
    },

    /**
     * Scores a day of the pair's live version under its natural id, so the schedule, an Airflow DAG and a person
     * share one run. Null for a tick that belongs to no day, because its time comes again.
     */
    async ensureLiveScores(input: Tick): Promise<ScoresSummary | null> {
      const remembered = waitedFor()?.['scoring'] as ScoreInput | undefined;
      const scoring = remembered ?? (await scoringOfTick(input));
      if (scoring === null) return null;
      const { ref } = scoring;
      const { model, feature_set, version, score_date } = ref;
      return ensureRun<(score: ScoreInput) => Promise<ScoresSummary>>(
        deps.client,
        'scoreBatch',
        {
          taskQueue: TASK_QUEUES.lifecycle,
          workflowId: workflowId.score(ref),
          args: [scoring],
          staticSummary: `Score ${model} v${version} for ${score_date}`,
          typedSearchAttributes: searchAttributes({ model, feature_set, version }),
        },
        { find: () => committedScores(ref), remember: { scoring } },
      );
    },
  };
}
