import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import type { Pair } from '#configs/pair.ts';
import { wholeNumber } from './whole-number.ts';

export const pairParams = z.object({ model: nameSchema, set: nameSchema });
export const versionParams = pairParams.extend({
  version: wholeNumber(z.int('a version: a number such as 3').min(1).max(99_999_999)),
});

export function pairOf({ model, set }: z.infer<typeof pairParams>): Pair {
  return { model, feature_set: set };
}
