/** A worker for tests: submits the job in its first argument as often as the third says, says so, and stays. */
import type { JobSpec } from '#platform/job-backend.ts';
import { createProcessJobBackend } from '#platform/process-job-backend.ts';

const [spec = '', root = '', times = '1'] = process.argv.slice(2);
const jobs = createProcessJobBackend({ root });
await Promise.all(Array.from({ length: Number(times) }, () => jobs.submit(JSON.parse(spec) as JobSpec)));
console.log('submitted');
setInterval(() => undefined, 1000);
