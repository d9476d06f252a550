import type { TableHandle } from '#platform/table/table.ts';
import type { JobBackend } from './job-backend.ts';
import { findLicence } from './job-licences.ts';

/**
 * Ends the jobs of this machine that have no licence: their workflow has ended or given them up, perhaps while the machine
 * was away. Returns their keys. A job gets its licence before it is submitted, so it is never among them too early.
 */
export async function endUnlicensedJobs(
  table: TableHandle,
  { host, cancel }: Pick<JobBackend, 'host' | 'cancel'>,
): Promise<readonly string[]> {
  // Jobs before licences: a job that ends in between gives its licence back, and cancelling it then changes nothing.
  const handles = (await host?.unfinished()) ?? [];
  const licences = await Promise.all(handles.map(({ key }) => findLicence(table, key)));
  const unlicensed = handles.filter((_, at) => licences[at] === undefined);
  await Promise.all(unlicensed.map((handle) => cancel(handle)));
  return unlicensed.map(({ key }) => key);
}
