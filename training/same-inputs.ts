import { MillraceError } from '#errors/millrace-error.ts';
import {
  importDigest,
  trainingDigest,
  type TrainingInputs,
  trainingParts,
  type TrainingParts,
} from './digest.ts';
import type { Upload } from './upload.ts';

export interface ExpectedTraining {
  readonly key: { readonly model: string; readonly training_digest: string };
  /** What the requester made the digest of. Runs that were started before it was recorded have none. */
  readonly parts?: TrainingParts | undefined;
  /** Of a model that was trained elsewhere and is only evaluated. */
  readonly upload?: Pick<Upload, 'files'>;
}

/**
 * Refuses to work on a training with other inputs than its digest names: it would be stored under a digest that is not its
 * own. `found` are the inputs as this process sees them. Throws `TRAINING_INPUTS_DIFFER`, which names each part that differs.
 */
export function requireSameInputs({ key, parts, upload }: ExpectedTraining, found: TrainingInputs): void {
  const digest = upload === undefined ? trainingDigest(found) : importDigest(found, upload.files);
  if (digest === key.training_digest) return;
  const here = trainingParts(found);
  const names = Object.keys(here) as (keyof TrainingParts)[];
  const differs = parts === undefined ? [] : names.filter((name) => parts[name] !== here[name]);
  const details = differs.map((part) => ({ part, requested: parts?.[part] ?? '', here: here[part] ?? '' }));
  const what = details.map((one) => `${one.part} (requested ${one.requested}, here ${one.here})`).join(', ');
  throw new MillraceError(
    'TRAINING_INPUTS_DIFFER',
    `This worker would train ${key.model} from other inputs than its digest ${key.training_digest} names: ${what || 'unknown which'}.`,
    { where: key.model, details: { differs: details } },
  );
}
