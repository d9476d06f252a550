import { z } from 'zod';
import { visibleText } from '#configs/visible-text.ts';

const MAX_FILES = 2_000;
export const digest = z.string().regex(/^[0-9a-f]{32}$/, 'a digest of 32 hex characters');
export const planDigest = z
  .string()
  .regex(/^\d{1,8}-[0-9a-f]{32}$/, 'the digest of a plan: a revision, a hyphen and 32 hex characters')
  .describe(
    'Names the files of a plan, the revision that it was made on, and the applied documents that it depends on.',
  );
const key = z.string();
export const files = z
  .array(z.strictObject({ path: visibleText(z.string().min(1).max(500)), text: z.string() }))
  .min(1)
  .max(MAX_FILES)
  .describe('YAML and SQL files; paths are relative to one folder.');

export const removal = {
  remove: z
    .array(visibleText(z.string().max(100)))
    .max(MAX_FILES)
    .optional()
    .describe('Applied documents to remove, such as `Model/churn`.'),
  prune: z
    .boolean()
    .optional()
    .describe('Also removes every document of the caller’s teams that the files do not declare.'),
};

const listOf = <T extends z.ZodType>(item: T) => z.array(item).readonly();

export const planBody = z.object({
  plan_digest: planDigest,
  base_digest: digest,
  revision: z.int(),
  documents: z.object({
    created: listOf(key),
    changed: listOf(z.object({ key, paths: listOf(z.string()) })),
    unchanged: listOf(key),
    removed: listOf(key),
  }),
  partitions: listOf(
    z.object({
      feature_set: z.string(),
      definition_digest: digest,
      count: z.int(),
      bytes: z
        .int()
        .nullable()
        .describe('Estimated from committed partitions of the set; null if there are none.'),
      first: z.string(),
      last: z.string(),
      because: z.string(),
    }),
  ),
  models: listOf(z.object({ model: z.string(), feature_set: z.string(), because: z.string() })),
  live_pairs: listOf(
    z.object({
      model: z.string(),
      feature_set: z.string(),
      version: z.int(),
      because: listOf(z.string()),
    }),
  ),
  owners: listOf(z.object({ team: z.string(), document: key, because: z.string() })).describe(
    'Teams that the change needs, and why.',
  ),
  estimate: z
    .object({
      seconds: z.number().describe('Of all builds and trainings with past runs, one after the other.'),
      past_runs: z.int().describe('How many past runs the estimate rests on.'),
      unknown: listOf(z.string()).describe('Work without past runs, which `seconds` leaves out.'),
    })
    .describe('What the work would take if it went like past runs of the same sets and pairs.'),
});

export const applyBody = z.object({
  base_digest: digest,
  revision: z.int(),
  created: listOf(key),
  changed: listOf(key),
  removed: listOf(key),
});

export const revisionBody = z.object({
  revision: z.int(),
  base_digest: digest,
  previous: digest,
  principal: z.string(),
  applied_at: z.string(),
  command_id: z.string(),
  changed: listOf(z.string()).describe(
    'Documents created, changed or removed; the training rules of the Platform document are named apart.',
  ),
  removed: listOf(z.string()).describe('Which of them were removed.'),
});
