import { MillraceError } from '#errors/millrace-error.ts';

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The same instant as UTC text with milliseconds, a form that sorts correctly as text. Throws `INSTANT_INVALID`. */
export function utcInstant(text: string): string {
  const at = FORM.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  const utc = Number.isNaN(at) ? '' : new Date(at).toISOString();
  // An offset can lead out of the years that sort as text.
  if (/^\d{4}-/.test(utc)) return utc;
  throw new MillraceError('INSTANT_INVALID', `${JSON.stringify(text)} is not an instant.`);
}

/** `Date.parse` takes 30 February for 2 March. */
function isDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}

/** The last instant before one, in the form of `utcInstant`. */
export function millisecondBefore(instant: string): string {
  return new Date(Date.parse(instant) - 1).toISOString();
}

/** `second`, or the instant one millisecond after `first` if `second` is not later than `first`. */
export function laterThan(first: string | null, second: string): string {
  if (first === null || Date.parse(second) > Date.parse(first)) return second;
  return new Date(Date.parse(first) + 1).toISOString();
}

/** The UTC instant a number of days of 24 hours later. */
export function daysAfter(instant: string, days: number): string {
  return new Date(Date.parse(instant) + days * 86_400_000).toISOString();
}
