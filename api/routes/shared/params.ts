import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import type { Pair } from '#configs/pair.ts';

export const pairParams = z.object({ model: nameSchema, set: nameSchema });
export const versionParams = pairParams.extend({ version: z.coerce.number().int().min(1) });

export function pairOf({ model, set }: z.infer<typeof pairParams>): Pair {
  return { model, feature_set: set };
}
