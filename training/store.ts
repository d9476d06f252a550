import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { sha256Hex } from '#configs/canonical.ts';
import type { Pair } from '#configs/pair.ts';
import { trainingId } from './digest.ts';
import { trainingPrefix, type GateVerdict, type TrainingRecord } from './record.ts';

/** A committed training, as much of it as others need to find and judge it. */
export interface CommittedTraining {
  readonly training_id: string;
  readonly manifest: { readonly key: string; readonly sha256: string };
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly GateVerdict[];
}

type TrainingName = Pair & Parameters<typeof trainingId>[0];

export type TrainingStore = ReturnType<typeof createTrainingStore>;

/** Trainings by their manifests: written once, last; who comes second adopts the first one's and removes his own files. */
export function createTrainingStore(objects: ObjectStore) {
  const keyOf = (name: TrainingName): string => `${trainingPrefix(name, trainingId(name))}manifest.json`;

  async function find(name: TrainingName): Promise<CommittedTraining | undefined> {
    const key = keyOf(name);
    if ((await objects.head(key)) === undefined) return undefined;
    return describe(key, await objects.get(key));
  }

  async function read(key: string, sha256: string): Promise<TrainingRecord> {
    const body = await objects.get(key);
    if (sha256Hex(body) !== sha256) {
      throw new MillraceError('ARTIFACT_DIGEST_MISMATCH', `${key} is not the manifest that was committed`, {
        where: objects.uri(key),
        details: { expected: sha256, found: sha256Hex(body) },
      });
    }
    return JSON.parse(body.toString('utf8')) as TrainingRecord;
  }

  async function commit(record: TrainingRecord): Promise<CommittedTraining> {
    const key = keyOf(record);
    const body = `${JSON.stringify(record, undefined, 2)}\n`;
    try {
      await objects.putIfAbsent(key, body, 'application/json');
      return describe(key, Buffer.from(body));
    } catch (error) {
      if (!(error instanceof MillraceError) || error.code !== 'OBJECT_EXISTS') throw error;
    }
    const winner = await objects.get(key);
    const kept = new Set((JSON.parse(winner.toString('utf8')) as TrainingRecord).artifacts.map((a) => a.key));
    await objects.remove(record.artifacts.map((a) => a.key).filter((mine) => !kept.has(mine)));
    return describe(key, winner);
  }

  return { find, read, commit };
}

function describe(key: string, body: Buffer): CommittedTraining {
  const { training_id, metrics, gates } = JSON.parse(body.toString('utf8')) as TrainingRecord;
  return { training_id, manifest: { key, sha256: sha256Hex(body) }, metrics, gates };
}
