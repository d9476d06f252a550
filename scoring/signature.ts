import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';

const share = z.number().min(0).max(1);

/**
 * Bins of the training sample. Numeric: `edges` are inner cut points, ascending; bin i holds edges[i-1] < x <= edges[i].
 * Categorical: one bin per category, one for any other value. Missing values have a bin of their own in both.
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
  /** Which ONNX input takes it; its column there is its place among the features of that input. */
  input: z.enum(['numeric', 'categorical']),
  /** What reason codes put in its place; `null` is a missing number. */
  baseline: z.union([z.number(), z.string(), z.null()]),
  bins: binsSchema,
});

/** `signature.json` of a version: how to feed the model, and what its training sample looked like. */
const signatureSchema = z.object({
  spec_version: z.literal(1),
  entity: z.string().min(1),
  features: z.array(featureSchema).min(1),
  /** Bins of the probability, which is never missing. */
  score: numericBinsSchema,
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
    (binsFit(score) ? undefined : 'score: one share per bin expected');
  if (wrong !== undefined) throw new MillraceError('SIGNATURE_INVALID', wrong, { where });
  return parsed.data;
}

export function featuresOf(
  signature: Signature,
  input: SignatureFeature['input'],
): readonly SignatureFeature[] {
  return signature.features.filter((feature) => feature.input === input);
}

function problemOf({ name, input, baseline, bins }: SignatureFeature): string | undefined {
  if (bins.kind !== input) return `${name}: ${bins.kind} bins of a ${input} feature`;
  if ((input === 'categorical') !== (typeof baseline === 'string'))
    return `${name}: baseline of another type`;
  return binsFit(bins) ? undefined : `${name}: one share per bin expected`;
}

function binsFit(bins: Bins): boolean {
  const expected = bins.kind === 'numeric' ? bins.edges.length + 1 : bins.categories.length;
  return bins.shares.length === expected;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MillraceError('SIGNATURE_INVALID', 'not JSON', { where, cause: error });
  }
}
