import type { JobBackend } from '#platform/jobs/job-backend.ts';
import type { JobBackends } from '#platform/jobs/job-backends.ts';
import { jobsOf, type JobRecord } from '#platform/jobs/job-records.ts';
import type { TableHandle } from '#platform/table/table.ts';

/** `<job>.<byte>`: a reader's position in the logs of the workflow's jobs. */
export type LogPlace = `${number}.${number}`;

export const LOG_START: LogPlace = '0.0';

/** Logs of the external jobs that a workflow started, as one text. */
export interface JobLogs {
  /** The text from `place` on, at most a few MiB, and where to go on. Empty for a workflow without jobs. */
  read(workflowId: string, place: LogPlace): Promise<{ readonly text: string; readonly next: LogPlace }>;
}

const LONGEST = 4 * 1024 * 1024;

/**
 * A workflow's jobs run one after the other (the next one is the next try), so their logs stand one behind the other, each
 * under a line that names it and its machine. Each is read from the backend that its record names; throws `JOB_BACKEND_UNKNOWN`.
 */
export function createJobLogs(table: TableHandle, backends: JobBackends): JobLogs {
  async function partOf({ handle }: JobRecord, byte: number): ReturnType<JobBackend['logs']> {
    const backend = backends.named(handle.backend);
    if (handle.host === undefined || handle.host === (await backend.host?.id()))
      return backend.logs(handle, byte);
    const text = `(The log is on the machine ${handle.host}, in the folder jobs/${handle.key} of its home.)\n`;
    return byte === 0 ? { text, nextByte: text.length } : { text: '', nextByte: byte };
  }

  return {
    async read(workflowId, place) {
      const jobs = (await Promise.all(ownersOf(workflowId).map((id) => jobsOf(table, id)))).flat();
      let [index = 0, byte = 0] = place.split('.').map(Number);
      let text = '';
      for (let job = jobs[index]; job !== undefined && text.length < LONGEST;) {
        const part = await partOf(job, byte);
        if (byte === 0 && part.text !== '')
          text += `== ${job.title} (${[job.handle.key, job.handle.host, job.submitted_at].filter(Boolean).join(', ')})\n`;
        text += part.text;
        byte = part.nextByte;
        if (part.text !== '') continue;
        job = jobs[index + 1];
        if (job !== undefined) [index, byte] = [index + 1, 0];
      }
      return { text, next: `${index}.${byte}` };
    },
  };
}

/** A lifecycle's job belongs to its child workflow, the training of the same name. */
function ownersOf(workflowId: string): string[] {
  const tail = /^lifecycle\/(.+)$/.exec(workflowId)?.[1];
  return tail === undefined ? [workflowId] : [workflowId, `train/${tail}`];
}
