import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

export const pageQuery = z.strictObject({
  limit: wholeNumber(z.number().int().min(1).max(200)).default(50).meta({
    description: 'Maximum number of items per page.',
  }),
  after: z.string().min(1).max(2_000).optional().meta({ description: '`next` of the previous page.' }),
});

export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item).readonly(),
    next: z
      .string()
      .optional()
      .meta({ description: 'Pass it as `after` to get the next page; absent on the last page.' }),
  });
}

/** Names the page for a store: an absent `after` is left out. */
export function pageAsked({ limit, after }: z.infer<typeof pageQuery>) {
  return { limit, ...(after === undefined ? {} : { after }) };
}
