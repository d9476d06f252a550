import { MillraceError } from '#errors/millrace-error.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { buildCard } from '#registry/cards/build-card.ts';
import type { Champion } from '#registry/cards/card-champion.ts';
import { writeCard } from '#registry/cards/card-store.ts';
import type { Registry } from '#registry/registry.ts';
import { readVerified } from '#platform/objects/verified-object.ts';
import { ARTIFACT_CODES, type TrainingRecord } from '#training/record.ts';
import type { ObjectRef } from '#platform/objects/object-ref.ts';
import type { ChosenConfigs } from './chosen-configs.ts';

export interface CardDeps {
  readonly objects: ObjectStore;
  readonly partitions: PartitionStore;
  readonly registry: Registry;
}

/** A stored card and the required fields that are still empty. */
export interface WrittenCard extends ObjectRef {
  readonly missing: readonly string[];
}

const EVALUATION = 'evaluation.json';

export async function writeVersionCard(
  deps: CardDeps,
  { chosen, training }: { readonly chosen: ChosenConfigs; readonly training: TrainingRecord },
): Promise<WrittenCard> {
  const { model, set, platform, all, author } = chosen;
  const [champion, evaluation, partitions] = await Promise.all([
    championOf(deps.registry, training),
    readEvaluation(deps.objects, training),
    Promise.all(training.partitions.map((ref) => deps.partitions.get(ref))),
  ]);
  const sources = [...set.sources, model.label.source, ...(model.fairness ? [model.fairness.source] : [])];
  const { missing, text } = buildCard({
    model,
    featureSet: set,
    platform,
    sources: [...all.sources.values()].filter(({ name }) => sources.includes(name)),
    author,
    training,
    evaluation,
    partitions,
    ...(champion === undefined ? {} : { champion }),
  });
  return { ...(await writeCard(deps.objects, text)), missing };
}

async function readEvaluation(objects: ObjectStore, training: TrainingRecord): Promise<unknown> {
  const artifact = training.artifacts.find(({ name }) => name === EVALUATION);
  if (artifact === undefined) {
    throw new MillraceError('ARTIFACT_MISSING', `Training ${training.training_id} has no ${EVALUATION}.`);
  }
  const body = await readVerified(objects, artifact, ARTIFACT_CODES);
  return JSON.parse(body.toString('utf8')) as unknown;
}

async function championOf(registry: Registry, training: TrainingRecord): Promise<Champion | undefined> {
  const { live } = (await registry.stateIfKnown(training)) ?? { live: null };
  return live === null ? undefined : registry.version(training, live.version);
}
