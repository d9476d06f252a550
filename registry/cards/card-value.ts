import { z } from 'zod';

/** Why a field has no value. Allowed for any field; an empty one is not. */
export const notMeasurableSchema = z
  .strictObject({ not_measurable: z.string().regex(/^because \S/, 'a reason that starts with "because "') })
  .describe('The field has no value, for the reason given.');

export type NotMeasurable = z.infer<typeof notMeasurableSchema>;

export function notMeasurable(because: string): NotMeasurable {
  return { not_measurable: `because ${because}` };
}

export function isNotMeasurable(value: unknown): value is NotMeasurable {
  return typeof value === 'object' && value !== null && 'not_measurable' in value;
}

/**
 * A field of the card: a value, or the reason why there is none. `null` means that nobody has said either; the card is
 * then incomplete, and its version cannot be approved. Leaving the field out is refused.
 */
export function field<S extends z.ZodType>(value: S, meaning: string) {
  return z.union([value, notMeasurableSchema, z.null()]).describe(meaning);
}

/** What people wrote: empty is `null`; "not measurable, because …" is taken at its word. */
export function writtenText(text: string): string | NotMeasurable | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const reason = /^not measurable,? (because \S.*)$/is.exec(trimmed)?.[1];
  return reason === undefined ? trimmed : { not_measurable: reason };
}
