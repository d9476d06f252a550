import type { TrainingSpec } from '#training/spec.ts';
import type { SignatureFeature } from '#scoring/signature.ts';
import { linearOnnx, signatureOf } from './onnx-models.ts';

/** Files of a training whose model adds up its numbers: enough to be registered, carded and scored. */
export function smallTraining({
  entity,
  features,
}: Pick<TrainingSpec['columns'], 'entity' | 'features'>): Record<string, string | Buffer> {
  const signature = signatureOf(
    features.map(({ name, type }) => ({ name, type: type as SignatureFeature['type'], baseline: 0 })),
    entity,
  );
  return {
    'model.onnx': linearOnnx({ bias: -10, numeric: features.map(() => ({ weight: 0.01 })) }),
    'model.pkl': 'unused',
    'signature.json': JSON.stringify(signature),
    'evaluation.json': JSON.stringify(EVALUATION),
    'reference_scores.parquet': 'unused',
  };
}

const none = { not_measurable: 'because the model was made for a test' };
const EVALUATION = {
  estimator: { monotonic: none },
  performance: {
    train: none,
    test: none,
    out_of_time: none,
    psi_train_test: none,
    calibration: none,
    slices: none,
  },
  fairness: none,
  explainability: {
    method: 'baseline',
    description: 'one value at a time',
    baseline: none,
    number_of_reasons: 3,
    fidelity: none,
  },
  onnx: none,
  versions: none,
};
