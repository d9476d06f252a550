import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { readVerified } from '#platform/objects/verified-object.ts';
import type { Artifact } from '#training/record.ts';
import { openOnnxEngine } from './onnx-engine.ts';
import type { ScoringEngine } from './scoring-engine.ts';
import { parseSignature, type Signature } from './signature.ts';

/** Error codes for a file that differs from its manifest or version. */
export const SCORE_FILE_CODES = { differs: 'SCORE_FILE_DIGEST_MISMATCH' } as const;

/** Throws `MODEL_FILE_MISSING`. */
export function artifactNamed(artifacts: readonly Artifact[], name: string): Artifact {
  const found = artifacts.find((artifact) => artifact.name === name);
  if (found === undefined) {
    throw new MillraceError(
      'MODEL_FILE_MISSING',
      `The version has no ${name}; its artifacts are ${artifacts.map((a) => a.name).join(', ')}.`,
    );
  }
  return found;
}

/** Reads `signature.json` of a version and verifies its SHA-256. */
export async function loadSignature(
  objects: ObjectStore,
  artifacts: readonly Artifact[],
): Promise<Signature> {
  const artifact = artifactNamed(artifacts, 'signature.json');
  const bytes = await readVerified(objects, artifact, SCORE_FILE_CODES);
  return parseSignature(bytes.toString(), objects.uri(artifact.key));
}

/** Loads `model.onnx` of a version and verifies its SHA-256. */
export async function loadModel(
  objects: ObjectStore,
  artifacts: readonly Artifact[],
  signature: Signature,
): Promise<ScoringEngine> {
  const artifact = artifactNamed(artifacts, 'model.onnx');
  const bytes = await readVerified(objects, artifact, SCORE_FILE_CODES);
  return openOnnxEngine(bytes, signature, { where: objects.uri(artifact.key) });
}
