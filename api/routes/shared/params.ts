import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import type { Pair } from '#configs/pair.ts';

export const pairParams = z.object({ model: nameSchema, set: nameSchema });

/** Digits alone: other spellings of a number, such as `1e0` or `0x1`, are no version. */
const versionNumber = z.preprocess(
  (given) => (typeof given === 'string' && /^[1-9][0-9]{0,7}$/.test(given) ? Number(given) : given),
  z.int('a version: a number such as 3').min(1),
);
export const versionParams = pairParams.extend({ version: versionNumber });

export function pairOf({ model, set }: z.infer<typeof pairParams>): Pair {
  return { model, feature_set: set };
}
