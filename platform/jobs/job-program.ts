import { digestOf } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { JobSpec } from './job-backend.ts';

const KEY = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Variables that every backend gives to its jobs; a spec may not set them. */
const RESERVED_ENV = ['MILLRACE_JOB_SPEC', 'MILLRACE_TERMINATION_LOG'];
/** Credentials may be renewed between the worker that submits and the one that adopts. */
const CREDENTIALS = new Set(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']);

function problemOf(spec: JobSpec): string | undefined {
  if (spec.command.length === 0 || spec.command[0] === '') return 'command is empty';
  if (spec.command.some((word) => word.includes('\0'))) return 'command holds a NUL character';
  const name = Object.keys(spec.env).find((one) => !ENV_NAME.test(one) || RESERVED_ENV.includes(one));
  if (name !== undefined) return `env may not name ${name}`;
  if (Object.values(spec.env).some((value) => value.includes('\0'))) return 'env holds a NUL character';
  if (!(spec.cpu > 0)) return `cpu is ${spec.cpu}`;
  if (!(spec.memoryMiB > 0)) return `memoryMiB is ${spec.memoryMiB}`;
  if (!(spec.timeoutSeconds > 0)) return `timeoutSeconds is ${spec.timeoutSeconds}`;
  return undefined;
}

/** Keys become folders and names of Kubernetes objects. */
export function isJobKey(key: string): boolean {
  return KEY.test(key);
}

export function assertJobKey(key: string): void {
  if (isJobKey(key)) return;
  throw new MillraceError(
    'JOB_SPEC_INVALID',
    `The key "${key}" is not 1 to 63 of [a-z0-9-], with - inside only.`,
  );
}

/** Throws `JOB_SPEC_INVALID` for what no backend could run. */
export function assertJobSpec(spec: JobSpec): void {
  assertJobKey(spec.key);
  const problem = problemOf(spec);
  if (problem !== undefined)
    throw new MillraceError('JOB_SPEC_INVALID', problem, { where: `job ${spec.key}` });
}

/** Two specs with one digest are the same job. Everything counts but the AWS credentials in `env`. */
export function jobSpecDigest(spec: JobSpec): string {
  const env = Object.fromEntries(Object.entries(spec.env).filter(([name]) => !CREDENTIALS.has(name)));
  return digestOf({ ...spec, env, input: spec.input ?? null });
}
