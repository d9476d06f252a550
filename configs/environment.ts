import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';

/** Where this process runs: endpoints, names and folders. An empty endpoint means AWS with its own credential chain. */
const environmentSchema = z.object({
  MILLRACE_HOME: z.string().default('.millrace'),
  MILLRACE_TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  MILLRACE_TEMPORAL_NAMESPACE: z.string().default('default'),
  MILLRACE_TEMPORAL_API_KEY: z.string().optional(),
  MILLRACE_TEMPORAL_TLS: z.stringbool().default(false),
  MILLRACE_TEMPORAL_UI: z.url().optional(),
  /** Name of the build that this worker runs, such as a commit. Switches worker versioning on (docs/upgrades.md). */
  MILLRACE_WORKER_BUILD: z
    .string()
    .regex(/^(?!unversioned$)[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/, 'a build, such as 0.1.0 or a commit')
    .optional(),
  MILLRACE_TABLE_ENDPOINT: z.url().optional(),
  MILLRACE_TABLE: z.string().default('millrace'),
  MILLRACE_S3_ENDPOINT: z.url().optional(),
  MILLRACE_BUCKET: z.string().default('lake'),
  MILLRACE_API_HOST: z.string().default('127.0.0.1'),
  MILLRACE_API_PORT: z.coerce.number().int().min(0).max(65535).default(8300),
  MILLRACE_API_URL: z.url().optional(),
  MILLRACE_API_KEY: z.string().optional(),
  /** Python interpreter with the trainer and its packages installed. */
  MILLRACE_PYTHON: z.string().default('python3'),
  /** SHA-256 of the trainer's code and of its lockfile, part of every training digest. */
  MILLRACE_TRAINER_DIGEST: z.string().default('unset'),
  MILLRACE_TRAINER_LOCK_DIGEST: z.string().default('unset'),
  MILLRACE_CODE_COMMIT: z.string().default('unknown'),
  /** The signed httpfs extension of DuckDB. */
  MILLRACE_DUCKDB_HTTPFS: z.string().optional(),
  MILLRACE_DUCKDB_MEMORY: z.string().default('2GB'),
  /** What each build may spill to the disk. */
  MILLRACE_DUCKDB_DISK: z.string().default('20GB'),
  /** How many local jobs this machine runs at the same time. Default: from its cores and memory. */
  MILLRACE_JOBS_AT_ONCE: z.coerce.number().int().min(1).max(1000).optional(),
  /** How long jobs of this machine wait for it after it is lost, before they are started elsewhere. */
  MILLRACE_HOST_PATIENCE_SECONDS: z.coerce.number().int().min(1).max(86_400).default(120),
  MILLRACE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** PATH of local jobs. */
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  AWS_REGION: z.string().default('us-east-1'),
  /** Only for a store with static keys. On AWS these stay empty, since roles provide temporary ones. */
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
});

export type Environment = z.infer<typeof environmentSchema>;

/** The only reader of `process.env`. Throws `ENVIRONMENT_INVALID`, which names each wrong variable without its value. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const { success, data, error } = environmentSchema.safeParse(env);
  if (success) return data;
  const wrong = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new MillraceError('ENVIRONMENT_INVALID', `The environment is wrong: ${wrong.join('; ')}.`);
}

/** Environment variables that an external job needs to reach the object store. */
export function storageEnvironment(env: Environment): Record<string, string> {
  const { MILLRACE_S3_ENDPOINT, AWS_REGION } = env;
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  const given = {
    MILLRACE_S3_ENDPOINT,
    AWS_REGION,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN,
  };
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
