import { z } from 'zod';
import { nameSchema } from '#configs/names.ts';
import { ENDED_BY } from '#registry/deployments/deployment.ts';
import { ENTRY_KINDS } from '#registry/dossier/dossier.ts';

const instant = z.iso.datetime();
const sha256 = z.string().length(64);
const pair = { model: nameSchema, feature_set: nameSchema };

export const deploymentSchema = z.object({
  ...pair,
  deployment: z.int(),
  version: z.int(),
  scheduler: z.enum(['temporal', 'airflow']),
  schedule: z.string(),
  timezone: z.string(),
  live_at: instant,
  live_from: instant.optional(),
  live_until: instant.optional(),
  ended_by: z.enum(ENDED_BY).optional(),
  status: z.enum(['scheduled', 'live', 'ended', 'cancelled']),
  requested_by: z.string(),
  created_at: instant,
});

export const intervalSchema = z.object({
  deployment: z.int(),
  version: z.int(),
  live_from: instant,
  live_until: instant.nullable(),
  ended_by: z.enum(ENDED_BY).optional(),
});

export const rollbackSchema = z.object({
  ...pair,
  deployment: z.int().describe('The new deployment'),
  version: z.int(),
  live_from: instant,
  replaced: z.int().describe('The deployment that was left'),
  left_version: z.int(),
  cancelled: z
    .array(z.int())
    .readonly()
    .describe('Scheduled deployments of the version that was left, cancelled with it'),
});

export const scheduledSchema = z
  .array(z.object({ deployment: z.int(), version: z.int(), live_at: instant }))
  .readonly();

export const pairSchema = z.object({
  ...pair,
  last_version: z.int(),
  last_deployment: z.int(),
  live: z
    .object({
      deployment: z.int(),
      version: z.int(),
      live_from: instant,
      scheduler: z.enum(['temporal', 'airflow']),
      schedule: z.string(),
      timezone: z.string(),
    })
    .nullable(),
  to_deploy: z
    .array(z.object({ version: z.int(), approved_at: instant, requested_by: z.string() }))
    .readonly()
    .describe('Approved versions that were to be deployed once approved, and have no deployment yet'),
  scheduled: scheduledSchema,
  failing: z
    .array(
      z.object({
        step: z
          .string()
          .describe(
            '`promote`, `deploy/<version>`, `archive/<deployment>`, `dossier`, or `spec` (schedule and DAG)',
          ),
        since: instant,
        tries: z.int(),
        next_try: instant,
        code: z.string(),
        message: z.string(),
      }),
    )
    .readonly()
    .describe('Steps of the reconciler that fail; each is tried again by itself'),
  rollback_target: z.int().nullable(),
  dossier: z.object({ count: z.int(), digest: z.string(), copied: z.int() }),
});

export const listedPairSchema = pairSchema.pick({
  model: true,
  feature_set: true,
  last_version: true,
  live: true,
  failing: true,
});

export const entrySchema = z.object({
  ...pair,
  seq: z.int(),
  kind: z.enum(ENTRY_KINDS),
  at: instant,
  principal: z.string(),
  command_id: z.string(),
  facts: z.record(z.string(), z.unknown()),
  previous: sha256,
  digest: sha256,
});

export const dossierCheckSchema = z.object({
  verified: z.boolean().meta({ description: 'No problem was found on this page.' }),
  entries: z.int(),
  copies: z.int(),
  problems: z.array(z.object({ seq: z.int(), problem: z.string() })).readonly(),
  next: z.string().optional().meta({
    description:
      'Pass it as `after` to check the next page. Only the last page, which has none, checks the end: a dossier is verified when every page is.',
  }),
});
