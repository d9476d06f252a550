/**
 * Brings a checkout up to date: packages, servers, data. Idempotent; the next call resumes an interrupted one. It runs
 * before any package is installed, so it and its static imports use only Node.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock, type Held } from '#local/lock.ts';
import { STAMP, setUpDigest, setUpIsFresh } from '#local/fresh.mjs';
import { runSteps } from './step.ts';
import { STEPS } from './steps.ts';
import { ROOT, TOOLS } from '#local/tools.ts';

const say = (line: string) => process.stderr.write(`set-up: ${line}\n`);

const lock = await waitForLock();
try {
  if (!setUpIsFresh(ROOT)) {
    const started = Date.now();
    await runSteps(STEPS, say);
    writeFileSync(join(ROOT, STAMP), setUpDigest(ROOT));
    say(`ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
} catch (error) {
  say(`stopped. ${error instanceof Error ? error.message : String(error)}`);
  say('what is done stays done; the next call goes on from here');
  process.exitCode = 1;
} finally {
  lock.release();
}

/** Two calls in one checkout wait for each other. */
async function waitForLock(): Promise<Held> {
  for (let said = false; ; said = true) {
    const got = await tryLock(join(TOOLS, 'set-up.lock'));
    if ('held' in got) return got.held;
    if (!said)
      say(`another set-up of this checkout is running (process ${String(got.holder.pid)}); waiting for it`);
    await sleep(500);
  }
}
