import { canonicalJson } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { createManifestStore } from '#platform/manifests/manifest-store.ts';
import type { ObjectRef } from '#platform/objects/object-ref.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { readVerified, verifyObjects } from '#platform/objects/verified-object.ts';
import { CARD_CODES } from '../cards/card-store.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { trainingManifests } from '#training/manifest.ts';
import { ARTIFACT_CODES, trainingPrefix, type TrainingRecord } from '#training/record.ts';

interface Registration {
  readonly pair: Pair;
  readonly training: TrainingRecord;
  readonly manifest: ObjectRef;
  readonly card: ObjectRef;
}

/**
 * Rejects a registration unless manifest, card and every artifact exist at the expected keys with the recorded
 * digests. Throws `ARTIFACT_PLACE_WRONG`, `ARTIFACT_MISSING`, `ARTIFACT_DIGEST_MISMATCH`,
 * `TRAINING_MANIFEST_DIFFERS`, `CARD_UNREADABLE`.
 */
export async function verifyTraining(
  objects: ObjectStore,
  { pair, training, manifest, card }: Registration,
): Promise<void> {
  checkPlaces(pair, training);
  await Promise.all([
    createManifestStore(objects, trainingManifests).verify(training),
    verifyManifest(objects, training, manifest),
    verifyObjects(objects, [card], CARD_CODES),
  ]);
}

function checkPlaces(pair: Pair, training: TrainingRecord): void {
  const prefix = trainingPrefix(pair, training.training_id);
  if (training.model !== pair.model || training.feature_set !== pair.feature_set) {
    throw new MillraceError(
      'ARTIFACT_PLACE_WRONG',
      `Training ${training.training_id} is of ${pairKey(training)}, not of ${pairKey(pair)}.`,
      { where: pairKey(pair) },
    );
  }
  const outside = training.artifacts.find(({ key }) => !key.startsWith(prefix));
  if (outside !== undefined) {
    throw new MillraceError('ARTIFACT_PLACE_WRONG', `${outside.key} does not lie under ${prefix}.`, {
      where: pairKey(pair),
      details: { key: outside.key, prefix },
    });
  }
  for (const names of [
    training.artifacts.map(({ key }) => key),
    training.artifacts.map(({ name }) => name),
  ]) {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice === undefined) continue;
    throw new MillraceError('ARTIFACT_PLACE_WRONG', `${twice} is named twice.`, { where: pairKey(pair) });
  }
}

async function verifyManifest(
  objects: ObjectStore,
  training: TrainingRecord,
  manifest: Registration['manifest'],
): Promise<void> {
  const body = await readVerified(objects, manifest, ARTIFACT_CODES);
  if (canonicalOf(body) === canonicalJson(training)) return;
  const where = objects.uri(manifest.key);
  throw new MillraceError(
    'TRAINING_MANIFEST_DIFFERS',
    `${where} does not hold the training that is registered.`,
    { where },
  );
}

function canonicalOf(body: Buffer): string | undefined {
  try {
    return canonicalJson(JSON.parse(body.toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
