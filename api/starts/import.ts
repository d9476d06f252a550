import { featureSetNamed } from '#catalog/feature-configs.ts';
import type { AppliedConfigs } from '#catalog/config-store.ts';
import type { ModelConfig } from '#configs/model.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { trainingId } from '#training/digest.ts';
import { importRequest } from '#training/request.ts';
import { refuseExpired } from '#training/upload.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type { ImportInput, RegisteredVersion } from '#workflows/contract/messages.ts';
import type { Started } from '../workflows/starter.ts';
import { refuseFuture } from './dates.ts';
import type { StartDeps } from './start-deps.ts';

export interface ImportRequest {
  readonly pair: Pair;
  /** Id of the upload. */
  readonly upload: string;
  /** Evaluate only on what was known on this date. */
  readonly as_of: string;
  readonly notes: string;
  readonly principal: string;
}

/**
 * Evaluates and registers an uploaded model. The same files, date and configs are the same version. Throws
 * `CONFIG_NOT_FOUND`, `PAIR_NOT_CONFIGURED`, `UPLOAD_…`, `TRAINING_NO_LABELLED_DATE`, `DATE_IN_FUTURE`.
 */
export async function startImport(
  deps: StartDeps,
  request: ImportRequest,
): Promise<Started<RegisteredVersion>> {
  const { pair, as_of, notes, principal } = request;
  const { base_digest, configs } = await deps.configs.current();
  const model = configuredPair(configs, pair);
  const set = featureSetNamed(configs, pair.feature_set);
  refuseFuture(as_of, set.partition.time_zone, deps.now());
  const upload = await deps.uploads.read(pair, request.upload);
  const asked = { model, set, configs, as_of, env: deps.environment, files: upload.files };
  const { key, partitions, refresh, parts } = await importRequest(deps, asked);
  const committed = async (): Promise<RegisteredVersion | undefined> => {
    const known = await deps.registry.versionOfTraining(pair, trainingId(key));
    return known && { version: known.version, card_missing: known.card_missing };
  };
  if ((await committed()) === undefined) {
    refuseExpired(upload, deps.now());
    await deps.uploads.checkArrived(pair, upload);
  }
  const input: ImportInput = {
    key,
    partitions,
    ...(refresh.length > 0 && { refresh }),
    parts,
    configs: base_digest,
    upload: { upload: upload.upload, files: upload.files, created_by: upload.created_by },
    notes,
    requested_by: principal,
  };
  return deps.starter.start({
    type: 'importModel',
    workflowId: workflowId.import(key),
    input,
    summary: `Import ${pair.model} as of ${as_of}`,
    labels: { ...pair, team: model.owner },
    priority: model.resources.priority,
    principal,
    committed,
  });
}

/** The model of a pair that the applied configs name. Throws `CONFIG_NOT_FOUND`, `PAIR_NOT_CONFIGURED`. */
export function configuredPair({ models }: AppliedConfigs['configs'], pair: Pair): ModelConfig {
  const model = models.get(pair.model);
  if (!model) throw new MillraceError('CONFIG_NOT_FOUND', `There is no model "${pair.model}".`);
  if (model.feature_set === pair.feature_set) return model;
  throw new MillraceError(
    'PAIR_NOT_CONFIGURED',
    `The config of "${pair.model}" names the feature set "${model.feature_set}".`,
    { where: pairKey(pair) },
  );
}
