import { z } from 'zod';

export const platformSchema = z
  .strictObject({
    kind: z.literal('Platform'),
    name: z
      .literal('platform')
      .default('platform')
      .describe('There is one such document in an installation, so it has one name.'),
    approval: z
      .strictObject({
        author_may_approve: z
          .array(z.enum(['low', 'medium', 'high']))
          .default([])
          .describe('Risk tiers whose author may approve his own version.'),
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
          .describe('Times a job that ran out of memory is tried again, each with double the memory.'),
        timeout_minutes: z
          .int()
          .min(1)
          .max(1440)
          .default(60)
          .describe('Most minutes one training job may run.'),
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
        psi_alert: z.number().positive().default(0.25).describe('The same, reported as an alert.'),
      })
      .prefault({})
      .describe('When scores are reported as drifting.'),
  })
  .describe('Rules of one installation. Without such a document the defaults hold.');

export type PlatformConfig = z.infer<typeof platformSchema>;
export const defaultPlatform: PlatformConfig = platformSchema.parse({ kind: 'Platform' });
