import { z } from 'zod';

const MAX_FILES = 2_000;
export const digest = z.string().regex(/^[0-9a-f]{32}$/, 'a digest of 32 hex characters');
const key = z.string();
export const files = z
  .array(z.strictObject({ path: z.string().min(1).max(500), text: z.string() }))
  .min(1)
  .max(MAX_FILES)
  .describe('YAML and SQL files; paths are relative to one folder.');

const listOf = <T extends z.ZodType>(item: T) => z.array(item).readonly();

export const planBody = z.object({
  base_digest: digest,
  revision: z.int(),
  documents: z.object({
    created: listOf(key),
    changed: listOf(z.object({ key, paths: listOf(z.string()) })),
    unchanged: listOf(key),
  }),
  partitions: listOf(
    z.object({
      feature_set: z.string(),
      definition_digest: digest,
      count: z.int(),
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
});

export const applyBody = z.object({
  base_digest: digest,
  revision: z.int(),
  created: listOf(key),
  changed: listOf(key),
});

export const revisionBody = z.object({
  revision: z.int(),
  base_digest: digest,
  previous: digest,
  principal: z.string(),
  applied_at: z.string(),
  command_id: z.string(),
  changed: listOf(z.string()).describe(
    'Documents created or changed; the training rules of the Platform document are named apart',
  ),
});
