import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { Artifact } from '#training/record.ts';
import { openOnnxEngine } from './onnx-engine.ts';
import type { ScoringEngine } from './scoring-engine.ts';
import { parseSignature, type Signature } from './signature.ts';
import { readVerified } from './verified-file.ts';

/** Throws `MODEL_FILE_MISSING`. */
export function artifactNamed(artifacts: readonly Artifact[], name: string): Artifact {
  const found = artifacts.find((artifact) => artifact.name === name);
  if (found === undefined) {
    throw new MillraceError(
      'MODEL_FILE_MISSING',
      `no ${name} among ${artifacts.map((a) => a.name).join(', ')}`,
    );
  }
  return found;
}

/** Reads `signature.json` of a version, checked against its SHA-256. */
export async function loadSignature(
  objects: ObjectStore,
  artifacts: readonly Artifact[],
  folder: string,
): Promise<Signature> {
  const artifact = artifactNamed(artifacts, 'signature.json');
  return parseSignature(
    (await readVerified(objects, artifact, folder)).toString(),
    objects.uri(artifact.key),
  );
}

/** Loads `model.onnx` of a version, checked against its SHA-256. `folder` is only needed while it loads. */
export async function loadModel(
  objects: ObjectStore,
  artifacts: readonly Artifact[],
  signature: Signature,
  folder: string,
): Promise<ScoringEngine> {
  const artifact = artifactNamed(artifacts, 'model.onnx');
  const bytes = await readVerified(objects, artifact, folder);
  return openOnnxEngine(bytes, signature, { where: objects.uri(artifact.key) });
}
