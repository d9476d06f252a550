import { z } from 'zod';
import { dateSchema, nameSchema } from '#configs/names.ts';
import { visibleText } from '#configs/visible-text.ts';
import { reasonSchema } from '../../shared/reason.ts';
import { STAGES } from '#registry/versions/stage.ts';

const instant = z.iso.datetime();
const sha256 = z.string().length(64);
const pair = { model: nameSchema, feature_set: nameSchema };
const tier = z.enum(['low', 'medium', 'high']);
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
export const waiverSchema = z.object({ gate: visibleText(z.string().min(1).max(200)), reason: reasonSchema });

const judgementSchema = z.object({
  verdict: z.enum(['approve', 'reject']),
  principal: z.string(),
  by_author: z.boolean().describe('The approver was one of the authors, which the rule of the tier allowed'),
  reason: z.string(),
  waivers: z.array(z.object({ gate: z.string(), reason: z.string() })).readonly(),
  evidence: z.string(),
  at: instant,
  expires_at: instant.nullable(),
});

const judgementsSchema = z
  .array(judgementSchema)
  .readonly()
  .describe('The approvals that stand, oldest first, or the one rejection');

const withdrawalSchema = z
  .object({ principal: z.string(), reason: z.string(), at: instant })
  .optional()
  .describe('Who banned the version for good, and why');

export const stageSchema = z.object({
  ...pair,
  version: z.int(),
  stage: z.enum(STAGES),
  since: instant,
  judgements: judgementsSchema,
  withdrawal: withdrawalSchema,
  order: z
    .object({ requested_by: z.string() })
    .optional()
    .describe('The version is deployed as soon as it is approved; who asked for it'),
  card: z
    .object({
      revision: z.int(),
      key: z.string(),
      sha256,
      missing: z.array(z.string()).readonly(),
      authors: z.array(z.string()).readonly(),
    })
    .nullable()
    .describe('The last revision of the card; null while it is the first'),
});

export const versionSchema = z.object({
  ...pair,
  version: z.int(),
  training_id: z.string(),
  training_digest: z.string(),
  as_of: dateSchema,
  authors: z
    .array(z.string())
    .readonly()
    .describe('Who changed what it is made from since the version `authors_since`, and who requested it'),
  authors_since: z.int().nullable().describe('The version up to which others have reviewed the changes'),
  risk_tier: tier,
  approval_tier: tier.describe('The tier whose rule the approval follows'),
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
  configs: z.string().describe('Digest of the applied configs it was trained with'),
  definition_digest: z.string(),
  partitions: z.array(partition).readonly(),
  rows: z.object({
    train: z.int(),
    test: z.int(),
    unlabelled: z.int().exactOptional().describe('Rows that were left out, because they have no label.'),
  }),
  origin: z
    .object({ upload: z.string(), uploaded_by: z.string(), notes: z.string() })
    .optional()
    .describe('Only of a model that was trained elsewhere and uploaded'),
  registered_by: z.object({ workflow_id: z.string(), run_id: z.string() }),
  card_key: z.string(),
  card_sha256: sha256,
  card_missing: z.array(z.string()).readonly(),
  card_revision: z.int().describe('1: the card that the version was registered with'),
  stage: z.enum(STAGES),
  since: instant,
  judgements: judgementsSchema,
  withdrawal: withdrawalSchema,
  evidence: z.string().describe('Digest of manifest, card and gates, to be named by an approval'),
});
