import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';

const share = z.number().min(0).max(1);

/**
 * Bins of the training sample. Numeric: `edges` are inner cut points, ascending; bin i holds edges[i-1] < x <= edges[i].
 * Categorical: one bin per category and one for any other value. Both have a separate bin for missing values.
 */
const numericBinsSchema = z.object({
  kind: z.literal('numeric'),
  edges: z.array(z.number()),
  shares: z.array(share),
  missing_share: share,
});
const categoricalBinsSchema = z.object({
  kind: z.literal('categorical'),
  categories: z.array(z.string()),
  shares: z.array(share),
  other_share: share,
  missing_share: share,
});
const binsSchema = z.discriminatedUnion('kind', [numericBinsSchema, categoricalBinsSchema]);

const featureSchema = z.object({
  name: z.string().min(1),
  type: z.enum(['boolean', 'int', 'bigint', 'double', 'string']),
  /** The ONNX input of the feature. Its column is its position among the features of that input. */
  input: z.enum(['numeric', 'categorical']),
  /** Value that reason codes substitute for it; `null` means missing. */
  baseline: z.union([z.number(), z.string(), z.null()]),
  drift: binsSchema,
});

/** `signature.json` of a version: the model's inputs and the distribution of its training sample. */
const signatureSchema = z.object({
  signature_version: z.literal(1),
  /** Name of the entity's column, or of each of its columns. */
  entity: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  features: z.array(featureSchema).min(1),
  /** The model treats infinities and numbers of a greater magnitude as missing. */
  missing_above: z.number().positive(),
  score: z.object({ mean: z.number(), drift: numericBinsSchema }),
});

export type Signature = z.infer<typeof signatureSchema>;
export type SignatureFeature = Signature['features'][number];
export type Bins = z.infer<typeof binsSchema>;

/** Throws `SIGNATURE_INVALID` with the first problem. */
export function parseSignature(text: string, where: string): Signature {
  const json: unknown = parseJson(text, where);
  const parsed = signatureSchema.safeParse(json);
  if (!parsed.success) {
    throw new MillraceError('SIGNATURE_INVALID', z.prettifyError(parsed.error), { where });
  }
  const score = parsed.data.score;
  const wrong =
    parsed.data.features.map(problemOf).find((found) => found !== undefined) ??
    (binsFit(score.drift) ? undefined : 'The score needs one share per bin.');
  if (wrong !== undefined) throw new MillraceError('SIGNATURE_INVALID', wrong, { where });
  return parsed.data;
}

function problemOf({ name, input, baseline, drift }: SignatureFeature): string | undefined {
  if (drift.kind !== input) return `The ${input} feature ${name} has ${drift.kind} bins.`;
  if (typeof baseline === (input === 'categorical' ? 'number' : 'string'))
    return `The baseline of feature ${name} has another type than the feature.`;
  return binsFit(drift) ? undefined : `Feature ${name} needs one share per bin.`;
}

function binsFit(bins: Bins): boolean {
  const expected = bins.kind === 'numeric' ? bins.edges.length + 1 : bins.categories.length;
  return bins.shares.length === expected;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MillraceError('SIGNATURE_INVALID', 'The file signature.json does not hold JSON.', {
      where,
      cause: error,
    });
  }
}
