import { MillraceError } from '#errors/millrace-error.ts';
import { hasBegun } from '#features/business-time.ts';
import { addDays, daysIn, servingDates } from '#features/calendar.ts';
import { featureSetNamed } from '#catalog/feature-configs.ts';
import type { ConfigSet } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import { standingAndStale } from '#features/partitions/refresh.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { begunServingDates } from '#scoring/score-dates.ts';
import { servingConfigs } from '#scoring/serving-configs.ts';
import { withdrawnError } from '#registry/versions/transitions.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { noLiveVersion } from '#registry/deployments/no-live-version.ts';
import { scoresSummary, type ScoresSummary } from '#scoring/scores-summary.ts';
import type { BackfillInput, BackfillResult, ScoreInput } from '#workflows/contract/messages.ts';
import type { Started } from '../workflows/starter.ts';
import { refuseFuture } from './dates.ts';
import { staleNote, withNotes } from './stale-note.ts';
import type { StartDeps } from './start-deps.ts';

export interface ScoreRequest {
  readonly pair: Pair;
  readonly score_date: string;
  /** Default: the live version. */
  readonly version?: number | undefined;
  /** Score again beside what is committed, on a partition that is built anew if its inputs have changed. */
  readonly refresh: boolean;
  readonly principal: string;
}

export interface BackfillRequest {
  readonly pair: Pair;
  readonly version?: number | undefined;
  /** Score dates, both included. */
  readonly from: string;
  readonly to: string;
  readonly principal: string;
}

const MOST_DATES = 3_660;

/** Throws `NO_LIVE_VERSION`, `VERSION_NOT_FOUND`, `VERSION_NOT_APPROVED`, `DATES_HOLD_NO_PARTITION`. */
export async function startScores(deps: StartDeps, request: ScoreRequest): Promise<Started<ScoresSummary>> {
  const { pair, score_date, refresh, principal } = request;
  const version = await chosenVersion(deps, pair, request.version);
  const { team, digest, set, configs } = await servedConfigs(deps, pair, version, [score_date]);
  const newest = refresh ? undefined : await deps.scores.newest(pair, score_date, version);
  const revision = refresh
    ? await deps.scores.nextRevision(pair, version, score_date)
    : (newest?.revision ?? 1);
  const ref = { ...pair, version, score_date, revision };
  const stale = refresh ? [] : await staleServing(deps, { set, configs, model: pair.model, score_date });
  const started = await deps.starter.start({
    type: 'scoreBatch',
    workflowId: workflowId.score(ref),
    input: { ref, configs: digest, ...(refresh && { refresh }) } satisfies ScoreInput,
    summary: `Score ${pair.model} v${version} for ${score_date}`,
    labels: { ...pair, version, team },
    principal,
    committed: async () => {
      const manifest = await deps.scores.find(ref);
      return manifest && scoresSummary(manifest, (key) => deps.objects.uri(key));
    },
  });
  return withNotes(started, staleNote(stale), stale);
}

interface Serving {
  readonly set: FeatureSetConfig;
  readonly configs: ConfigSet;
  readonly model: string;
  readonly score_date: string;
}

/** The partition of the newest date that may serve, if its inputs have changed since it was built. */
async function staleServing(
  deps: StartDeps,
  { set, configs, model, score_date }: Serving,
): Promise<readonly PartitionRef[]> {
  const deploy = configs.models.get(model)?.deploy;
  if (deploy === undefined) return [];
  const [dt] = begunServingDates(set, deploy, { score_date, now: deps.now() });
  if (dt === undefined) return [];
  try {
    const { ref, build, stale } = await standingAndStale(deps, set, configs, dt);
    return stale === undefined || build ? [] : [ref];
  } catch (error) {
    // The workflow finds it again, and may score an older date.
    if (error instanceof MillraceError) return [];
    throw error;
  }
}

export async function startBackfill(
  deps: StartDeps,
  request: BackfillRequest,
): Promise<Started<BackfillResult>> {
  const { pair, from, to, principal } = request;
  const dates = datesBetween(from, to);
  const version = await chosenVersion(deps, pair, request.version);
  const { team, digest } = await servedConfigs(deps, pair, version, dates);
  return deps.starter.start({
    type: 'backfillScores',
    workflowId: workflowId.backfill(pair, version, from, to),
    input: {
      pair,
      version,
      configs: digest,
      from,
      to,
      done: 0,
      failed: { count: 0, first: null, dates: [] },
    } satisfies BackfillInput,
    summary: `Score ${pair.model} v${version} from ${from} to ${to}`,
    labels: { ...pair, version, team },
    principal,
    committed: async () => {
      const entries = await deps.scores.list(pair, from, to);
      const done = new Set(entries.filter((one) => one.version === version).map((one) => one.score_date));
      return done.size === dates.length ? { dates: dates.length } : undefined;
    },
  });
}

/** Scores can drive decisions, so only approved versions are scored. */
async function chosenVersion(
  { registry }: StartDeps,
  pair: Pair,
  asked: number | undefined,
): Promise<number> {
  const state = await registry.state(pair);
  const { live } = state;
  if (live && (asked === undefined || asked === live.version)) return live.version;
  if (asked === undefined) throw noLiveVersion(state);
  const { stage } = await registry.stage(pair, asked);
  if (stage === 'withdrawn') throw withdrawnError(asked);
  if (stage === 'registered' || stage === 'rejected')
    throw new MillraceError('VERSION_NOT_APPROVED', `Version ${asked} is ${stage}, not approved.`, {
      where: pairKey(pair),
      details: { version: asked, stage },
    });
  return asked;
}

/** The configs to score with, once every date has a partition date that may serve it. */
async function servedConfigs(deps: StartDeps, pair: Pair, version: number, dates: readonly string[]) {
  const scored = await deps.registry.version(pair, version);
  const { configs, base_digest: digest } = await servingConfigs(deps.configs, scored);
  const set = featureSetNamed(configs, pair.feature_set);
  const { partition, owner } = set;
  const model = configs.models.get(pair.model);
  const last = dates.at(-1) ?? '';
  // A schedule scores the dates of its own time zone.
  if (!hasBegun(last, partition.time_zone, deps.now())) {
    const zone = (await deps.registry.state(pair)).live?.timezone ?? model?.deploy.timezone;
    refuseFuture(last, zone ?? partition.time_zone, deps.now());
  }
  const unserved = dates.filter((date) => servingDates(partition, date).length === 0);
  if (unserved.length > 0)
    throw new MillraceError(
      'DATES_HOLD_NO_PARTITION',
      `No partition date of feature set "${pair.feature_set}" may serve ${unserved[0]}.`,
      { details: { ...partition, unserved: unserved.slice(0, 20) } },
    );
  return { team: model?.owner ?? owner, digest, set, configs };
}

function datesBetween(from: string, to: string): string[] {
  const count = daysIn(from, to);
  if (count < 1)
    throw new MillraceError(
      'DATES_HOLD_NO_PARTITION',
      `The date from (${from}) is after the date to (${to}).`,
    );
  if (count > MOST_DATES)
    throw new MillraceError(
      'DATES_TOO_MANY',
      `The range ${from} to ${to} holds more than ${MOST_DATES} dates.`,
    );
  return Array.from({ length: count }, (_, index) => addDays(from, index));
}
