import { canonicalJson, sha256Hex } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { verifyArtifacts } from '#training/verify-artifacts.ts';
import { trainingPrefix, type TrainingRecord } from '#training/record.ts';

interface Registration {
  readonly pair: Pair;
  readonly training: TrainingRecord;
  readonly manifest: { readonly key: string; readonly sha256: string };
  readonly card: { readonly key: string; readonly sha256: string };
}

/**
 * Refuses a registration unless manifest, card and every artifact lie where they should with the digests recorded.
 * Throws `ARTIFACT_PLACE_WRONG`, `ARTIFACT_MISSING`, `ARTIFACT_DIGEST_MISMATCH`, `TRAINING_MANIFEST_DIFFERS`,
 * `CARD_UNREADABLE`.
 */
export async function verifyTraining(
  objects: ObjectStore,
  { pair, training, manifest, card }: Registration,
): Promise<void> {
  checkPlaces(pair, training);
  await Promise.all([
    verifyArtifacts(objects, training.artifacts),
    verifyManifest(objects, training, manifest),
    verifyCard(objects, card),
  ]);
}

function checkPlaces(pair: Pair, training: TrainingRecord): void {
  const prefix = trainingPrefix(pair, training.training_id);
  if (training.model !== pair.model || training.feature_set !== pair.feature_set) {
    throw new MillraceError(
      'ARTIFACT_PLACE_WRONG',
      `training ${training.training_id} is of ${pairKey(training)}, not of ${pairKey(pair)}`,
      { where: pairKey(pair) },
    );
  }
  const outside = training.artifacts.find(({ key }) => !key.startsWith(prefix));
  if (outside !== undefined) {
    throw new MillraceError('ARTIFACT_PLACE_WRONG', `${outside.key} does not lie under ${prefix}`, {
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
    throw new MillraceError('ARTIFACT_PLACE_WRONG', `${twice} is named twice`, { where: pairKey(pair) });
  }
}

async function verifyManifest(
  objects: ObjectStore,
  training: TrainingRecord,
  { key, sha256 }: Registration['manifest'],
): Promise<void> {
  const where = objects.uri(key);
  const body = await bytes(objects, key, 'ARTIFACT_MISSING');
  if (sha256Hex(body) !== sha256) {
    throw new MillraceError('ARTIFACT_DIGEST_MISMATCH', `${where} does not have SHA-256 ${sha256}`, {
      where,
    });
  }
  if (canonicalOf(body) !== canonicalJson(training)) {
    throw new MillraceError('TRAINING_MANIFEST_DIFFERS', `${where} does not hold the training registered`, {
      where,
    });
  }
}

async function verifyCard(objects: ObjectStore, { key, sha256 }: Registration['card']): Promise<void> {
  const where = objects.uri(key);
  if (sha256Hex(await bytes(objects, key, 'CARD_UNREADABLE')) !== sha256) {
    throw new MillraceError('CARD_UNREADABLE', `${where} does not have SHA-256 ${sha256}`, { where });
  }
}

async function bytes(
  objects: ObjectStore,
  key: string,
  missing: 'ARTIFACT_MISSING' | 'CARD_UNREADABLE',
): Promise<Buffer> {
  try {
    return await objects.get(key);
  } catch (error) {
    if (!(error instanceof MillraceError && error.code === 'OBJECT_NOT_FOUND')) throw error;
    const where = objects.uri(key);
    throw new MillraceError(missing, `${where} does not exist`, { where, details: { key }, cause: error });
  }
}

function canonicalOf(body: Buffer): string | undefined {
  try {
    return canonicalJson(JSON.parse(body.toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
