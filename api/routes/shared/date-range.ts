import { dateSchema } from '#configs/names.ts';

/** Optional bounds of a listing, both included. */
export const dateRange = { from: dateSchema.optional(), to: dateSchema.optional() };

/** For `refine`: the earlier date comes first. ISO dates sort by time. */
export function inOrder({
  from,
  to,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): boolean {
  return from === undefined || to === undefined || from <= to;
}

export const OUT_OF_ORDER = { message: 'The date from is after the date to.', path: ['from'] };
