import { z } from 'zod';
import { nameSchema } from './names.ts';

/** Rules of one installation. Without such a document the defaults below hold. */
export const platformSchema = z.strictObject({
  kind: z.literal('Platform'),
  name: nameSchema.default('platform'),
  approval: z
    .strictObject({
      /** Risk tiers whose author may approve his own version. None by default. */
      author_may_approve: z.array(z.enum(['low', 'medium', 'high'])).default([]),
    })
    .prefault({}),
  training: z
    .strictObject({
      /** Python packages whose classes an estimator may name. */
      packages: z
        .array(z.string().regex(/^[a-z_][a-z0-9_]*$/))
        .min(1)
        .default(['sklearn', 'lightgbm']),
      /** Times a job that ran out of memory is tried again, each with double the memory. */
      memory_steps: z.int().min(0).max(4).default(2),
      /** Most minutes one training job may run. */
      timeout_minutes: z.int().min(1).max(1440).default(60),
    })
    .prefault({}),
  drift: z
    .strictObject({
      /** Population stability index from which a feature or the score is reported as drifting. */
      psi_warn: z.number().positive().default(0.1),
      psi_alert: z.number().positive().default(0.25),
    })
    .prefault({}),
});

export type PlatformConfig = z.infer<typeof platformSchema>;
export const defaultPlatform: PlatformConfig = platformSchema.parse({ kind: 'Platform' });
