import { randomBytes } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobState } from '../job-backend.ts';
import { jobFolder, namesIn, readRecord, type SubmittedSpec } from './job-folder.ts';
import { isJobKey } from '../job-program.ts';

const DAY_MS = 24 * 3_600_000;
/** Log and working folder of an ended job. */
const DATA_MS = 7 * DAY_MS;
/**
 * Spec and outcome. Until then, a submit with the key adopts the ended job. Keys contain the id of a workflow's first
 * run, and Temporal Cloud keeps a history for at most 90 days, so an older key cannot be submitted again.
 */
const ANSWER_MS = 100 * DAY_MS;

const DRAFT = '.swept-';

/**
 * Deletes the data of jobs that ended a week before `now`, and the rest of their folder after 100 days. Returns the number
 * of jobs with deleted data. `get` gives the state of a job. Running and younger jobs are left alone.
 */
export async function sweepJobFolders(
  root: string,
  get: (key: string) => Promise<JobState>,
  now: string,
): Promise<number> {
  const instant = Date.parse(now);
  let swept = 0;
  for (const name of await namesIn(root)) {
    // A sweep was interrupted here.
    if (name.startsWith(DRAFT)) await rm(join(root, name), { recursive: true, force: true });
    if (isJobKey(name) && (await sweepFolder(root, name, get, instant))) swept += 1;
  }
  return swept;
}

async function sweepFolder(
  root: string,
  key: string,
  get: (key: string) => Promise<JobState>,
  now: number,
): Promise<boolean> {
  const folder = jobFolder(root, key);
  const spec = await readRecord<SubmittedSpec>(folder.spec);
  // Without a spec the folder holds at most a cancellation, which a late submit must still find.
  if (spec === undefined || Date.parse(spec.submitted_at) >= now - DATA_MS) return false;
  const { phase, finishedAt } = await get(key);
  if (phase === 'running') return false;
  // Cancelled before its start, or never started: it counts as ended when the cancellation was requested.
  const ended = Date.parse(finishedAt ?? spec.submitted_at);
  if (ended < now - ANSWER_MS) {
    // Renamed first, so that no process finds half of it.
    const draft = join(root, `${DRAFT}${randomBytes(6).toString('hex')}`);
    await rename(folder.path, draft);
    await rm(draft, { recursive: true, force: true });
    return true;
  }
  if (ended >= now - DATA_MS || phase === 'pending') return false;
  return dropData(folder.path, [folder.spec, folder.claim, folder.cancel, folder.outcome]);
}

/** Whether the folder existed. */
async function dropData(path: string, kept: readonly string[]): Promise<boolean> {
  const data = (await readdir(path)).map((name) => join(path, name)).filter((file) => !kept.includes(file));
  for (const file of data) await rm(file, { recursive: true, force: true });
  return data.length > 0;
}
