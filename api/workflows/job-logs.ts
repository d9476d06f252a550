import type { JobBackends } from '#platform/jobs/job-backends.ts';
import { jobsOf } from '#platform/jobs/job-records.ts';
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
 * under a line that names it. Each is read from the backend that its record names; throws `JOB_BACKEND_UNKNOWN`.
 */
export function createJobLogs(table: TableHandle, backends: JobBackends): JobLogs {
  return {
    async read(workflowId, place) {
      const jobs = (await Promise.all(ownersOf(workflowId).map((id) => jobsOf(table, id)))).flat();
      let [index = 0, byte = 0] = place.split('.').map(Number);
      let text = '';
      for (let job = jobs[index]; job !== undefined && text.length < LONGEST;) {
        const part = await backends.named(job.handle.backend).logs(job.handle, byte);
        if (byte === 0 && part.text !== '')
          text += `== ${job.title} (${job.handle.key}, ${job.submitted_at})\n`;
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
