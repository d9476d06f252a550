import type { ModelConfig } from '#configs/model.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { featureSetNamed } from '#catalog/feature-configs.ts';
import type { PartitionRef } from '#features/partitions/partition.ts';
import { trainingId, type TrainingParts } from '#training/digest.ts';
import { trainingRequest } from '#training/request.ts';
import type { TrainingKey } from '#training/key.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type {
  LifecycleInput,
  LifecycleResult,
  TrainInput,
  TrainingSummary,
} from '#workflows/contract/messages.ts';
import type { Started } from '../workflows/starter.ts';
import { cardNote } from './card-note.ts';
import { refuseFuture } from './dates.ts';
import { staleNote, withNotes } from './stale-note.ts';
import type { StartDeps } from './start-deps.ts';

export interface TrainingRequest {
  readonly model: string;
  /** Train only on what was known on this date. */
  readonly as_of: string;
  /** Build partitions anew first whose inputs have changed. */
  readonly refresh: boolean;
  readonly principal: string;
}

export async function startTraining(
  deps: StartDeps,
  request: TrainingRequest,
): Promise<Started<TrainingSummary>> {
  const { key, model, stale, ...input } = await trainingOf(deps, request);
  const started = await deps.starter.start({
    type: 'trainModel',
    workflowId: workflowId.train(key),
    input: { key, ...input, requested_by: request.principal } satisfies TrainInput,
    summary: `Train ${model.name} as of ${key.as_of}`,
    labels: labelsOf(model),
    priority: model.resources.priority,
    principal: request.principal,
    committed: () => deps.trainings.find(key),
  });
  return withNotes(started, staleNote(stale), stale);
}

export async function startLifecycle(
  deps: StartDeps,
  request: TrainingRequest,
): Promise<Started<LifecycleResult>> {
  const { key, model, stale, ...input } = await trainingOf(deps, request);
  const pair = { model: key.model, feature_set: key.feature_set };
  const note = await cardNote(deps, pair, trainingId(key), model.card);
  const started = await deps.starter.start({
    type: 'modelLifecycle',
    workflowId: workflowId.lifecycle(key),
    input: { key, ...input, requested_by: request.principal } satisfies LifecycleInput,
    summary: `Life of ${model.name} as of ${key.as_of}`,
    labels: labelsOf(model),
    priority: model.resources.priority,
    principal: request.principal,
    committed: () => finished(deps, key),
  });
  return withNotes(started, [note, staleNote(stale)].filter((one) => one !== undefined).join(' '), stale);
}

interface Training {
  readonly key: TrainingKey;
  readonly model: ModelConfig;
  readonly configs: string;
  readonly partitions: readonly PartitionRef[];
  readonly refresh?: readonly string[];
  readonly parts: TrainingParts;
  readonly stale: readonly PartitionRef[];
}

/** Names the training that the applied configs and the date ask for. Throws `CONFIG_NOT_FOUND`, `TRAINING_NO_LABELLED_DATE`. */
async function trainingOf(
  deps: StartDeps,
  { model: name, as_of, refresh: anew }: TrainingRequest,
): Promise<Training> {
  const { base_digest, configs } = await deps.configs.current();
  const model = configs.models.get(name);
  if (!model) throw new MillraceError('CONFIG_NOT_FOUND', `There is no model "${name}".`);
  const set = featureSetNamed(configs, model.feature_set);
  refuseFuture(as_of, set.partition.time_zone, deps.now());
  const asked = { model, set, configs, as_of, refresh: anew, env: deps.environment };
  const { key, partitions, refresh, stale, parts } = await trainingRequest(deps, asked);
  return {
    key,
    partitions,
    parts,
    model,
    configs: base_digest,
    stale,
    ...(refresh.length > 0 && { refresh }),
  };
}

/** The end of a lifecycle that is over: its version was rejected, was live, or was archived before it could be. */
async function finished(deps: StartDeps, key: TrainingKey): Promise<LifecycleResult | undefined> {
  const pair = { model: key.model, feature_set: key.feature_set };
  const known = await deps.registry.versionOfTraining(pair, trainingId(key));
  if (!known) return undefined;
  const { version } = known;
  const { stage, lives } = await deps.registry.stage(pair, version);
  const neverLive = { deployment: null, live_from: null };
  if (stage === 'rejected') return { version, verdict: 'reject', ...neverLive };
  if (lives !== undefined) return { version, verdict: 'approve', ...lives.first };
  if (stage !== 'archived' && stage !== 'withdrawn') return undefined;
  return { version, verdict: stage === 'archived' ? 'archive' : 'withdraw', ...neverLive };
}

function labelsOf({ name, feature_set: set, owner }: ModelConfig) {
  return { model: name, feature_set: set, team: owner };
}
