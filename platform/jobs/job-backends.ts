import { MillraceError } from '#errors/millrace-error.ts';
import type { JobBackend } from './job-backend.ts';

/** The job backends of one process, by name. */
export interface JobBackends {
  /** Runs new jobs. */
  readonly preferred: JobBackend;
  readonly all: readonly JobBackend[];
  /** The backend that a job's record names; throws `JOB_BACKEND_UNKNOWN`. */
  named(name: string): JobBackend;
}

/** New jobs go to the first. */
export function createJobBackends(preferred: JobBackend, ...others: readonly JobBackend[]): JobBackends {
  const all = [preferred, ...others];
  const byName = new Map(all.map((backend) => [backend.name, backend]));
  if (byName.size < all.length) throw new TypeError('Two job backends have the same name.');
  return {
    preferred,
    all,
    named(name) {
      const backend = byName.get(name);
      if (backend !== undefined) return backend;
      const known = [...byName.keys()];
      throw new MillraceError(
        'JOB_BACKEND_UNKNOWN',
        `This process has no job backend "${name}"; it has ${known.map((one) => `"${one}"`).join(', ')}.`,
        { details: { backend: name, known } },
      );
    },
  };
}
