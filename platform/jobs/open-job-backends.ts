import { join } from 'node:path';
import type { Environment } from '#configs/environment.ts';
import { createJobBackends, type JobBackends } from './job-backends.ts';
import { createProcessJobBackend } from './process/process-job-backend.ts';
import { createProcessLauncher } from './process/process-launcher.ts';

/** The job backends of an installation: processes of this machine, below the home folder. */
export function openJobBackends(env: Environment): JobBackends {
  return createJobBackends(
    createProcessJobBackend({
      root: join(env.MILLRACE_HOME, 'jobs'),
      launcher: createProcessLauncher(env),
      ...(env.MILLRACE_JOBS_AT_ONCE === undefined ? {} : { atOnce: env.MILLRACE_JOBS_AT_ONCE }),
    }),
  );
}
