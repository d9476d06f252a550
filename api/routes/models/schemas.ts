import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';

export const modelParams = z.object({ model: nameSchema });
export const trainingBody = z.strictObject({
  as_of: dateSchema.describe('Train on what was known on this date, and nothing later'),
});
