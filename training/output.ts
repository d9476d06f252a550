import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { getIfPresent, verifyObjects } from '#platform/objects/verified-object.ts';
import type { JobOutput } from './job-types.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The file that a trainer writes last. Every claim in it is verified against the store. */
const resultSchema = z.object({
  status: z.literal('ok'),
  artifacts: z
    .array(
      z.object({
        name: z.string().min(1),
        path: z.string().regex(/^[A-Za-z0-9_.-]+$/, 'a file name in the output folder'),
        size: z.int().min(0),
        sha256,
      }),
    )
    .min(1),
  metrics: z.record(z.string(), z.number()),
  gates: z.array(
    z.object({
      gate: z.string(),
      value: z.number().nullable(),
      min: z.number().nullish(),
      max: z.number().nullish(),
      passed: z.boolean(),
    }),
  ),
  rows: z.object({ train: z.int().min(0), test: z.int().min(0) }),
  engine: z.literal('onnx'),
  parity: z.object({ max_abs_diff: z.number().min(0).max(1e-5), rows: z.int().min(1) }),
});

export type TrainingResult = z.infer<typeof resultSchema>;

/** Files that scoring or explaining a version requires. */
const REQUIRED = ['model.onnx', 'signature.json', 'evaluation.json', 'reference_scores.parquet'];

/** Throws `JOB_OUTPUT_INVALID` for anything but a complete training result. */
export async function readTrainingResult(objects: ObjectStore, output: JobOutput): Promise<TrainingResult> {
  const key = `${output.prefix}result.json`;
  const parsed = resultSchema.safeParse(await readJson(objects, key));
  if (!parsed.success) throw invalid(key, z.prettifyError(parsed.error));
  const names = parsed.data.artifacts.map((artifact) => artifact.path);
  const missing = REQUIRED.filter((path) => !names.includes(path));
  if (missing.length > 0) throw invalid(key, `it names no ${missing.join(', ')}`);
  const files = parsed.data.artifacts.map(({ path, ...file }) => ({
    ...file,
    key: `${output.prefix}${path}`,
  }));
  await verifyObjects(objects, files, { missing: 'JOB_OUTPUT_INVALID', differs: 'JOB_OUTPUT_INVALID' });
  return parsed.data;
}

async function readJson(objects: ObjectStore, key: string): Promise<unknown> {
  const bytes = await getIfPresent(objects, key);
  if (bytes === undefined) throw invalid(key, 'the job left no such file');
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid(key, `it is not JSON: ${error.message}`);
  }
}

function invalid(key: string, why: string): MillraceError {
  return new MillraceError('JOB_OUTPUT_INVALID', `The file result.json cannot be used: ${why}`, {
    where: key,
  });
}
