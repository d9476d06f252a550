import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createClient } from '#client/client.ts';
import { onStop } from '#local/on-stop.ts';
import { readExample, type Example } from './demo/example.ts';
import { noteFinished, openJournal, type Journal } from './demo/journal.ts';
import { readOutcome, type Outcome } from './demo/outcome.ts';
import { drawSteps, type Drawn } from './demo/draw.ts';
import type { StepResult } from './demo/step.ts';
import { storyOf } from './demo/story.ts';
import { whereToLook } from './demo/where-to-look.ts';
import { forgetHome, stopServers } from '#local/servers.ts';
import { HOMES, lockHome } from '#local/homes.ts';
import { keepUp } from '#local/keep-up.ts';
import { overOutages } from '#local/outage.ts';
import type { Platform } from '#local/platform.ts';

/**
 * `npm run demo`: one model's life on real data, in a home of its own. Processes that die are restarted. After an
 * interruption the next call resumes; after a complete run it starts fresh. `--json`: one line of JSON on standard
 * output, and everything is stopped at the end.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const { path: home } = HOMES.demo;
/** With `--json`, standard output holds only JSON. */
const progress = values.json ? process.stderr : process.stdout;
const begun = performance.now();

const lock = await lockHome(home);
const stopping = new AbortController();
const { signal } = stopping;
let starting: Promise<void> | undefined;
let supervised: Promise<void> | undefined;
onStop((reason) => {
  process.stderr.write(`\n${reason}: stopping\n`);
  stopping.abort();
});
try {
  if (openJournal(home).finished) await forgetHome(home);
  await Promise.race([run(), stopped()]);
} catch (error) {
  if (!signal.aborted) {
    process.stderr.write(`\ndemo: ${error instanceof Error ? error.message : String(error)}\n`);
    process.stderr.write(`demo: logs are in ${home}/logs\n`);
    process.exitCode = 1;
  }
} finally {
  const interrupted = signal.aborted;
  stopping.abort();
  await starting;
  await supervised;
  await stopServers(home, { throwaway: true });
  if (interrupted) {
    // Printed last, because a step that is still being drawn would overwrite it.
    const next = openJournal(home).finished ? 'starts clean' : 'goes on from here';
    process.stderr.write(`\nstopped; the next \`npm run demo\` ${next}\n`);
  }
  lock.release();
  if (interrupted) process.exit(130);
}

async function run(): Promise<void> {
  const journal = openJournal(home);
  const example = await readExample();
  const { platform, outcome } = await tell(journal, example);
  noteFinished(journal);
  if (values.json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  else progress.write(await whereToLook(platform, example, outcome, home));
  if (!values.json && process.stdout.isTTY) await stopped();
}

/** Resolves when the demo must stop. */
async function stopped(): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

async function tell(journal: Journal, example: Example): Promise<{ platform: Platform; outcome: Outcome }> {
  let platform: Platform | undefined;
  const times: Outcome['steps'][number][] = [];
  const up: Drawn = {
    title: 'Start Temporal, DynamoDB Local, SeaweedFS, workers and API',
    run: async () => {
      const up = keepUp(HOMES.demo, { signal, say });
      starting = up.then(noResult, noResult);
      const kept = await up.catch(unlessStopping);
      supervised = kept.ended;
      platform = kept.platform;
      return platform.api;
    },
  };
  await drawSteps([up], progress);
  if (platform === undefined) throw new Error('The platform did not start.');
  const story = storyOf({ platform, example, result: (name) => journal.result(name) });
  const drawn = story.map(({ name, title, run }): Drawn => ({
    title,
    run: async () => {
      const start = performance.now();
      const known = journal.result<StepResult>(name);
      const done = known ?? (await overOutages(run, { signal, say }).catch(unlessStopping));
      if (known === undefined) journal.note(name, done);
      times.push({ name, workflow_id: done.workflow_id ?? null, seconds: secondsSince(start) });
      return known === undefined ? done.says : `${done.says} (done before)`;
    },
  }));
  await drawSteps(drawn, progress);
  const client = createClient(platform.api, platform.adminKey);
  const outcome = await overOutages(() => readOutcome(client, example, times, secondsSince(begun)), {
    signal,
    say,
  });
  return { platform, outcome };
}

/** A step fails if its servers are stopped. It is left pending until the process ends. */
async function unlessStopping(error: unknown): Promise<never> {
  if (signal.aborted) await new Promise(() => undefined);
  throw error;
}

function noResult(): void {
  // Only its completion matters.
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 10) / 100;
}
