import { z } from 'zod';
import { notMeasurable, notMeasurableSchema } from './card-value.ts';

/** Plain JSON in which every null carries a reason, so that no value on a card is silently absent. */
export type Told = string | number | boolean | Told[] | { [name: string]: Told };

export function told(value: unknown): Told {
  if (value === null || value === undefined) return notMeasurable('the trainer gave no figure');
  if (Array.isArray(value)) return value.map(told);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, told(inner)]));
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new TypeError(`${typeof value} is not JSON`);
}

const json = z.unknown().optional();

/**
 * The parts of the trainer's `evaluation.json` that a card shows. Each may be absent; the card then lists it as
 * missing.
 */
export const evaluationSchema = z.looseObject({
  estimator: z.looseObject({ monotonic: json }).optional(),
  performance: z
    .looseObject({
      train: json,
      test: json,
      out_of_time: json,
      psi_train_test: json,
      calibration: json,
      slices: json,
    })
    .optional(),
  fairness: z
    .union([
      notMeasurableSchema,
      z.record(
        z.string(),
        z.looseObject({
          groups: json,
          demographic_parity_ratio: json,
          equal_opportunity_difference: json,
        }),
      ),
    ])
    .optional(),
  explainability: z
    .looseObject({ method: json, description: json, baseline: json, number_of_reasons: json, fidelity: json })
    .optional(),
  onnx: json,
  versions: json,
});

export type Evaluation = z.infer<typeof evaluationSchema>;
