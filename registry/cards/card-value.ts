import { z } from 'zod';

/** The reason why a field has no value. Any field may have one; an empty reason is rejected. */
export const notMeasurableSchema = z
  .strictObject({ not_measurable: z.string().regex(/^because \S/, 'a reason that starts with "because "') })
  .describe('The field has no value, for the reason given.');

export type NotMeasurable = z.infer<typeof notMeasurableSchema>;

export function notMeasurable(because: string): NotMeasurable {
  return { not_measurable: `because ${because}` };
}

/** What only the training could tell of a model that was trained elsewhere. */
export const UNKNOWN_ORIGIN = notMeasurable('it is unknown: the model was trained outside the platform');

export function isNotMeasurable(value: unknown): value is NotMeasurable {
  return typeof value === 'object' && value !== null && 'not_measurable' in value;
}

/**
 * A field of the card: a value, or the reason why there is none. `null` means that neither was given; the card is
 * then incomplete and its version cannot be approved. An omitted field is rejected.
 */
export function field<S extends z.ZodType>(value: S, meaning: string) {
  return z.union([value, notMeasurableSchema, z.null()]).describe(meaning);
}

/** A text written by users: empty becomes `null`; "not measurable, because …" becomes that reason. */
export function writtenText(text: string): string | NotMeasurable | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const reason = /^not measurable,? (because \S.*)$/is.exec(trimmed)?.[1];
  return reason === undefined ? trimmed : { not_measurable: reason };
}
