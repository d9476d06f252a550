import { z } from 'zod';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

const jsonValue: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(jsonValue),
    z.record(z.string(), jsonValue),
  ]),
);

export const paramsSchema = z.record(z.string(), jsonValue).default({});

const classPath = z
  .string()
  .regex(/^[a-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$/, 'a class, such as lightgbm.LGBMClassifier');

/** One class with the scikit-learn interface, or the ordered steps of a scikit-learn Pipeline. */
export const estimatorSchema = z.union([
  classPath,
  z.strictObject({
    pipeline: z
      .array(
        z.strictObject({
          class: classPath.describe('A class of an allowed package.'),
          params: paramsSchema.describe('Arguments of its constructor.'),
        }),
      )
      .min(1)
      .describe('Steps of a scikit-learn Pipeline, in order; the last one classifies.'),
  }),
]);

export type EstimatorConfig = z.infer<typeof estimatorSchema>;
