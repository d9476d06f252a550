import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import { ENTRY_KINDS } from '#registry/dossier.ts';
import { STAGES } from '#registry/stage.ts';

const instant = z.iso.datetime();
const sha256 = z.string().length(64);

export const pairParams = z.object({ model: nameSchema, set: nameSchema });
export const versionParams = pairParams.extend({ version: z.coerce.number().int().min(1) });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Most items of the page.' }),
  after: z.string().max(2_000).optional().meta({ description: '`next` of the page before.' }),
});

export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item).readonly(),
    next: z.string().optional().meta({ description: 'Ask with it as `after`; absent on the last page.' }),
  });
}

const pair = { model: nameSchema, feature_set: nameSchema };
const partition = z.object({
  feature_set: nameSchema,
  definition_digest: z.string(),
  dt: dateSchema,
  revision: z.int(),
});
const gate = z.object({
  gate: z.string(),
  value: z.number().nullable(),
  min: z.number().optional(),
  max: z.number().optional(),
  passed: z.boolean(),
});
export const waiverSchema = z.object({ gate: z.string().min(1), reason: z.string().min(1).max(2_000) });

export const judgementSchema = z.object({
  verdict: z.enum(['approve', 'reject']),
  principal: z.string(),
  reason: z.string(),
  waivers: z.array(waiverSchema).readonly(),
  evidence: z.string(),
  at: instant,
});

export const stageSchema = z.object({
  ...pair,
  version: z.int(),
  stage: z.enum(STAGES),
  since: instant,
  judgement: judgementSchema.nullable(),
});

export const versionSchema = z.object({
  ...pair,
  version: z.int(),
  training_id: z.string(),
  training_digest: z.string(),
  as_of: dateSchema,
  author: z.string(),
  risk_tier: z.enum(['low', 'medium', 'high']),
  created_at: instant,
  manifest_key: z.string(),
  manifest_sha256: sha256,
  artifacts: z
    .array(z.object({ name: z.string(), key: z.string(), size: z.int(), sha256, uri: z.string() }))
    .readonly(),
  metrics: z.record(z.string(), z.number()),
  gates: z.array(gate).readonly(),
  engine: z.literal('onnx'),
  cut_off: z.number(),
  config_digest: z.string(),
  configs: z.string().describe('State of applied configs it was trained under'),
  definition_digest: z.string(),
  partitions: z.array(partition).readonly(),
  rows: z.object({ train: z.int(), test: z.int() }),
  registered_by: z.object({ workflow_id: z.string(), run_id: z.string() }),
  card_key: z.string(),
  card_sha256: sha256,
  card_missing: z.array(z.string()).readonly(),
  stage: z.enum(STAGES),
  since: instant,
  judgement: judgementSchema.nullable(),
});

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
  status: z.enum(['scheduled', 'live', 'ended', 'cancelled']),
  requested_by: z.string(),
  created_at: instant,
});

export const intervalSchema = z.object({
  deployment: z.int(),
  version: z.int(),
  live_from: instant,
  live_until: instant.nullable(),
});

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
  scheduled: z.array(z.object({ deployment: z.int(), version: z.int(), live_at: instant })).readonly(),
  rollback_target: z.int().nullable(),
  dossier: z.object({ count: z.int(), digest: z.string(), copied: z.int() }),
});

export const listedPairSchema = pairSchema.pick({
  model: true,
  feature_set: true,
  last_version: true,
  live: true,
});

export const entrySchema = z.object({
  ...pair,
  seq: z.int(),
  kind: z.enum(ENTRY_KINDS),
  at: instant,
  actor: z.string(),
  command_id: z.string(),
  facts: z.record(z.string(), z.unknown()),
  previous: sha256,
  digest: sha256,
});

export const dossierCheckSchema = z.object({
  verified: z.boolean(),
  entries: z.int(),
  copies: z.int(),
  problems: z.array(z.object({ seq: z.int(), problem: z.string() })).readonly(),
});
