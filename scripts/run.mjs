#!/usr/bin/env node
/**
 * First file of every npm script: `node scripts/run.mjs [--without-set-up] <target.ts> [arguments]`.
 * It runs on Node 20 with nothing installed, brings the checkout up to date (scripts/set-up/main.ts), and then hands over
 * to the target on a Node that runs TypeScript. Arguments, signals and the exit code pass through. The npm scripts `exec` it,
 * since the shell that npm starts keeps signals to itself.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingPrerequisites } from './set-up/prerequisites.mjs';
import { projectNode } from './set-up/project-node.mjs';
import { setUpIsFresh } from '../local/fresh.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);
// For scripts that repair the files which set-up reads.
const withoutSetUp = given[0] === '--without-set-up';
const [target, ...args] = withoutSetUp ? given.slice(1) : given;
if (target === undefined || !existsSync(join(root, target))) {
  fail(
    `usage: node scripts/run.mjs <script.ts> [arguments]; ${target ?? 'nothing'} is not a file of this checkout`,
  );
}

const fresh = withoutSetUp || setUpIsFresh(root);
if (!fresh) {
  const missing = await missingPrerequisites();
  if (missing.length > 0) {
    const lines = missing.map((m) => `  - ${m.what}\n    ${m.found}\n    get it: ${m.remedy}`);
    fail(
      `Millrace needs ${missing.length === 1 ? 'one thing' : 'some things'} this machine lacks:\n${lines.join('\n')}`,
    );
  }
}

const node = await projectNode(root, (line) => process.stderr.write(`${line}\n`));
const path = [dirname(node), process.env.PATH].filter(Boolean).join(delimiter);
const env = { ...process.env, PATH: path };

if (!fresh) {
  const ended = await hand(['scripts/set-up/main.ts']);
  if (ended !== 0) process.exit(ended);
}
if (target !== 'scripts/set-up/main.ts') process.exit(await hand([target, ...args]));

/**
 * Runs a script to its end; resolves to its exit code, or to 128 + n after signal n. The script holds a channel to this
 * process, so it notices when this one is killed (local/on-stop.ts).
 */
function hand(argv) {
  const child = spawn(node, argv, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  const watch = watchNpm(() => forward('SIGTERM'));
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const s of signals) process.off(s, forward);
      done(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** npm forwards signals, but if npm itself is killed, the only sign is that this process has another parent. */
function watchNpm(gone) {
  if (process.env.npm_execpath === undefined) return undefined;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    gone();
  }, 250);
  return watch;
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
