import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';

export const modelParams = z.object({ model: nameSchema });
export const trainingBody = z.strictObject({
  as_of: dateSchema.describe('Train on what was known on this date, and nothing later'),
  refresh: z
    .boolean()
    .default(false)
    .describe('Build partitions anew first whose inputs have changed since they were built'),
});
