import { randomUUID } from 'node:crypto';
import type { ModelConfig } from '#configs/model.ts';
import { digestBytes } from '#platform/objects/digest-stream.ts';
import { importRequest } from '#training/request.ts';
import { uploadedKey } from '#training/upload.ts';
import { createUploadStore } from '#training/upload-store.ts';
import type { ImportInput } from '#workflows/contract/messages.ts';
import { AS_OF } from './world-models.ts';
import type { World } from './world.ts';

/** What the API would start the import of this file with, and the key that the file was sent to. */
export async function importInput(
  world: World,
  model: ModelConfig,
  onnx: Buffer,
  more: Readonly<Record<string, Buffer>> = {},
): Promise<{ readonly input: ImportInput; readonly sent: string }> {
  const { configs, base_digest } = await world.configs.current();
  const set = configs.featureSets.get(model.feature_set);
  if (set === undefined) throw new Error(`no feature set ${model.feature_set}`);
  const pair = { model: model.name, feature_set: model.feature_set };
  const bodies = { 'model.onnx': onnx, ...more };
  const upload = await createUploadStore(world.objects).open({
    pair,
    files: Object.entries(bodies).map(([name, body]) => ({ name, ...digestBytes(body) })),
    principal: 'uma',
    commandId: randomUUID(),
    now: new Date(),
  });
  for (const [name, body] of Object.entries(bodies))
    await world.objects.put(uploadedKey(pair, upload.upload, name), body);
  const { key, partitions, parts } = await importRequest(world, {
    model,
    set,
    configs,
    as_of: AS_OF,
    env: world.env,
    files: upload.files,
  });
  const input: ImportInput = {
    key,
    partitions,
    parts,
    configs: base_digest,
    upload: { upload: upload.upload, files: upload.files, created_by: upload.created_by },
    notes: 'Model 4.2 of a vendor',
    requested_by: 'ria',
  };
  return { input, sent: uploadedKey(pair, upload.upload, 'model.onnx') };
}
