import { z } from 'zod';

export const platformSchema = z
  .strictObject({
    kind: z.literal('Platform'),
    name: z
      .literal('platform')
      .default('platform')
      .describe('An installation has only one such document, so the name is fixed.'),
    approval: z
      .strictObject({
        author_may_approve: z
          .array(z.enum(['low', 'medium', 'high']))
          .default([])
          .describe('Risk tiers in which authors may approve their own versions.'),
      })
      .prefault({})
      .describe('Who may approve.'),
    training: z
      .strictObject({
        packages: z
          .array(z.string().regex(/^[a-z_][a-z0-9_]*$/, 'a Python package, such as sklearn'))
          .min(1)
          .default(['sklearn', 'lightgbm'])
          .describe('Python packages whose classes an estimator may name.'),
        memory_steps: z
          .int()
          .min(0)
          .max(4)
          .default(2)
          .describe('How often a job that ran out of memory is retried, each time with double the memory.'),
        timeout_minutes: z
          .int()
          .min(1)
          .max(1440)
          .default(60)
          .describe('Maximum run time of one training job, in minutes.'),
      })
      .prefault({})
      .describe('Limits of training jobs.'),
    drift: z
      .strictObject({
        psi_warn: z
          .number()
          .positive()
          .default(0.1)
          .describe('Population stability index from which a feature or the score is reported as drifting.'),
        psi_alert: z
          .number()
          .positive()
          .default(0.25)
          .describe('Population stability index from which drift is reported as an alert.'),
      })
      .prefault({})
      .describe('When scores are reported as drifting.'),
  })
  .describe('Rules of one installation. Without this document the defaults apply.');

export type PlatformConfig = z.infer<typeof platformSchema>;
export const defaultPlatform: PlatformConfig = platformSchema.parse({ kind: 'Platform' });
