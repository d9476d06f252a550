import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesDigest } from '#local/fresh.mjs';
import { ROOT, TOOLS } from '#local/tools.ts';

/** One result of set-up. It is done if its stamp, which is written last, equals the digest of its inputs. */
export interface Step {
  readonly name: string;
  /** Shown to people: what is downloaded or generated. */
  readonly title: string;
  /** Files and folders of the checkout that the result depends on. */
  readonly inputs: readonly string[];
  /** Steps whose results this one needs. */
  readonly after: readonly string[];
  /** File or folder that must exist for the stamp to count. */
  readonly result: string;
  readonly stamp: string;
  run(sh: Shell): Promise<void>;
}

/** Runs a command to its end with its output in the step's log. Rejects with the end of the log if it fails. */
export type Shell = (command: string, args: readonly string[], options?: ShellOptions) => Promise<void>;
export interface ShellOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export type Say = (line: string) => void;

const STILL_EVERY_MS = 15_000;

/**
 * Runs each step as soon as the steps before it are done, and skips those whose result exists. Rejects with the first
 * failure.
 */
export async function runSteps(steps: readonly Step[], say: Say): Promise<void> {
  const runs = new Map<string, Promise<void>>();
  for (const step of steps) {
    const before = step.after.map((name) => runs.get(name) ?? Promise.resolve());
    runs.set(
      step.name,
      Promise.all(before).then(() => runStep(step, say)),
    );
  }
  const ended = await Promise.allSettled(runs.values());
  const failed = ended.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function runStep(step: Step, say: Say): Promise<void> {
  const digest = filesDigest(ROOT, step.inputs);
  if (existsSync(step.result) && existsSync(step.stamp) && readFileSync(step.stamp, 'utf8') === digest)
    return;

  const started = Date.now();
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  say(`${step.title} …`);
  const still = setInterval(() => say(`${step.title}: still at it after ${elapsed()}`), STILL_EVERY_MS);
  try {
    rmSync(step.stamp, { force: true });
    await step.run(shellInto(join(TOOLS, 'logs', `set-up-${step.name}.log`)));
    mkdirSync(dirname(step.stamp), { recursive: true });
    writeFileSync(step.stamp, digest);
  } finally {
    clearInterval(still);
  }
  say(`${step.title}: done in ${elapsed()}`);
}

function shellInto(log: string): Shell {
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, '');
  return (command, args, options = {}) =>
    new Promise((done, failed) => {
      const out = createWriteStream(log, { flags: 'a' });
      out.write(`$ ${[command, ...args].join(' ')}\n`);
      const child = spawn(command, args, {
        cwd: options.cwd ?? ROOT,
        env: { ...process.env, ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.pipe(out, { end: false });
      child.stderr.pipe(out, { end: false });
      child.once('error', (error) => failed(new Error(`${command} did not start: ${error.message}`)));
      child.once('close', (code) => {
        out.end(() => {
          if (code === 0) done();
          else failed(new Error(`${command} ended with ${String(code)}; end of ${log}:\n${tail(log)}`));
        });
      });
    });
}

function tail(log: string): string {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-25).join('\n');
}
