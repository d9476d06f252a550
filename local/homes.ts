import { basename, join, resolve } from 'node:path';
import { ROOT, TOOLS } from './tools.ts';
import { tryLock, type Held } from './lock.ts';

/** The folder for the servers and data of one use of this checkout. */
export interface Home {
  readonly path: string;
  /** Keeps the ports of a checkout's homes apart. */
  readonly portOffset: number;
}

/** `npm start` keeps its data. The demo and both kinds of tests start with empty homes. */
export const HOMES = {
  start: { path: join(ROOT, '.millrace'), portOffset: 0 },
  demo: { path: join(ROOT, '.millrace-demo'), portOffset: 20 },
  test: { path: join(ROOT, '.millrace-test'), portOffset: 40 },
  bench: { path: join(ROOT, '.millrace-bench'), portOffset: 140 },
  airflow: { path: join(ROOT, '.millrace-airflow'), portOffset: 60 },
} as const satisfies Record<string, Home>;

/**
 * Locks a home for this process; running servers do not count. If another process holds the lock, prints which one and
 * exits.
 */
export async function lockHome(path: string): Promise<Held> {
  const name = basename(resolve(path));
  const got = await tryLock(join(TOOLS, 'locks', `${name}.lock`));
  if ('held' in got) return got.held;
  const pid = String(got.holder.pid);
  process.stderr.write(
    `${name}/ is in use by process ${pid} of this checkout; stop it first (kill ${pid})\n`,
  );
  process.exit(1);
}
