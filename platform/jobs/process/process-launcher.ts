import { storageEnvironment, type Environment } from '#configs/environment.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { JobSpec } from '../job-program.ts';

/** How one job runs on this machine. */
export interface ProcessLaunch {
  readonly command: readonly [program: string, ...args: string[]];
  /** Added to the environment that the backend gives every job. */
  readonly env: Readonly<Record<string, string>>;
}

/** Throws `JOB_SPEC_INVALID` for a program that is not installed here. */
export type ProcessLauncher = (spec: JobSpec) => ProcessLaunch;

/** Python packages that can be run (`python -m …`). */
const PYTHON_PROGRAMS: readonly string[] = ['millrace_trainer'];

/** Launches programs of this checkout's Python. Every role gets this process's keys for the object store. */
export function createProcessLauncher(env: Environment): ProcessLauncher {
  return (spec) => {
    if (!PYTHON_PROGRAMS.includes(spec.program)) throw programUnknown(spec);
    return {
      command: [env.MILLRACE_PYTHON, '-m', spec.program],
      // Numeric libraries would otherwise start a thread for each core of the machine.
      env: { ...storageEnvironment(env), OMP_NUM_THREADS: `${Math.max(1, Math.floor(spec.resources.cpu))}` },
    };
  };
}

export function programUnknown({ key, program }: JobSpec): MillraceError {
  return new MillraceError('JOB_SPEC_INVALID', `This job backend cannot run the program "${program}".`, {
    where: `job ${key}`,
    details: { program },
  });
}
