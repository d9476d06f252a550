import { digestOf } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** The JSON input of a job in the object store. */
export interface StoredInput {
  /** `s3://…` */
  readonly uri: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A program with its input in the store. The launcher decides how it runs. */
export interface JobSpec {
  /** Idempotency key: at most 63 of [a-z0-9-]. The same key means the same job. */
  readonly key: string;
  /** The program to run, such as `millrace_trainer`. Launchers know where it is installed. */
  readonly program: string;
  /**
   * Version of the program's code, for launchers and operators. A worker of a newer version adopts the job of an older
   * one.
   */
  readonly version: string;
  /** What the program is allowed to do, such as `training`. Launchers choose credentials by role. */
  readonly role: string;
  readonly input: StoredInput;
  /** `s3://…/`: the only folder that the program may write to. */
  readonly output: string;
  readonly resources: { readonly cpu: number; readonly memoryMiB: number };
  readonly timeoutSeconds: number;
  /** Shown to operators, such as `train churn`. */
  readonly title: string;
  /** Labels by which jobs are found and accounted for, such as `{ model: 'churn' }`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What to run. It is the same on every backend, so it holds nothing of a particular machine. */
export interface JobProgram extends Omit<JobSpec, 'input'> {
  /** Any JSON value. */
  readonly input: unknown;
}

const KEY = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const PROGRAM = /^[a-z][a-z0-9_]{0,62}$/;
const ROLE = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SHA256 = /^[0-9a-f]{64}$/;

function problemOf(spec: JobSpec): string | undefined {
  const { program, role, input, output, resources, timeoutSeconds } = spec;
  if (!PROGRAM.test(program)) return `The program "${program}" is not 1 to 63 of [a-z0-9_], a letter first.`;
  if (!ROLE.test(role)) return `The role "${role}" is not 1 to 63 of [a-z0-9-], a letter first.`;
  if (!input.uri.startsWith('s3://')) return `The input "${input.uri}" is not in an object store.`;
  if (!SHA256.test(input.sha256)) return `The digest of the input, "${input.sha256}", is not a SHA-256.`;
  if (!/^s3:\/\/.+\/$/.test(output)) return `The output "${output}" is not a folder of an object store.`;
  if (!(resources.cpu > 0)) return `The resource cpu is ${resources.cpu}.`;
  if (!(resources.memoryMiB > 0)) return `The resource memoryMiB is ${resources.memoryMiB}.`;
  if (!(timeoutSeconds > 0)) return `The time limit is ${timeoutSeconds} seconds.`;
  return undefined;
}

/** Keys become names of folders and of Kubernetes objects. */
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

/** Throws `JOB_SPEC_INVALID` for a program that no backend could run. */
export function assertJobSpec(spec: JobSpec): void {
  assertJobKey(spec.key);
  const problem = problemOf(spec);
  if (problem !== undefined)
    throw new MillraceError('JOB_SPEC_INVALID', problem, { where: `job ${spec.key}` });
}

/**
 * Two programs with the same digest do the same work. Version, title and labels are left out, because they do not
 * affect it.
 */
export function jobDigest(spec: JobSpec): string {
  const { program, role, input, output, resources, timeoutSeconds } = spec;
  return digestOf({ program, role, input: input.sha256, output, resources, timeoutSeconds });
}
