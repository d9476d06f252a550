import { digestOf } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';

/** The JSON input of a job in the object store. */
export interface StoredInput {
  /** `s3://…` */
  readonly uri: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A program with its input in the store: what a backend is asked to run. How it runs is its launcher's business. */
export interface JobSpec {
  /** Idempotency key, at most 63 of [a-z0-9-]; the same key is the same job. */
  readonly key: string;
  /** Which program runs, such as `millrace_trainer`; launchers know where it is installed. */
  readonly program: string;
  /** Of the program's code, for launchers and operators. A worker of a newer version adopts the job of an older one. */
  readonly version: string;
  /** What the program is allowed to do, such as `training`; launchers choose credentials by it. */
  readonly role: string;
  readonly input: StoredInput;
  /** `s3://…/`: the folder that the program writes to, and the only one. */
  readonly output: string;
  readonly resources: { readonly cpu: number; readonly memoryMiB: number };
  readonly timeoutSeconds: number;
  /** Shown to operators, such as `train churn`. */
  readonly title: string;
  /** Facts to find and account for jobs by, such as `{ model: 'churn' }`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What is to run, the same on every backend: nothing in it belongs to one machine. */
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

/** Two specs with one digest do the same. Version, title and labels say nothing about that, and the input is its bytes. */
export function jobDigest(spec: JobSpec): string {
  const { program, role, input, output, resources, timeoutSeconds } = spec;
  return digestOf({ program, role, input: input.sha256, output, resources, timeoutSeconds });
}
