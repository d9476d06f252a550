/**
 * A program that keeps the contract of training jobs and takes a second: what it does stands in the model's `params`.
 * Run in place of the trainer's Python, so that the workflows meet real processes, exit codes and files.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256Hex } from '#configs/canonical.ts';
import { readEnvironment } from '#configs/environment.ts';
import type { ImportSpec, TrainingSpec } from '#training/spec.ts';
import { EXIT } from '#platform/jobs/job-backend.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';

/** How a job of these `params` ends. */
export interface Behaviour {
  /** Exits with these codes in turn, then trains. */
  readonly exits?: readonly (keyof typeof EXIT)[];
  /** Where it notes each of its runs. */
  readonly notes?: string;
  /** Claims success, and leaves this as its result. */
  readonly result?: string;
  /** Ends only once this file exists. */
  readonly waitsFor?: string;
  /** Runs until it is ended, with a child process of its own. */
  readonly lasting?: boolean;
}

/** Begins a model that the job refuses; the code follows. */
export const REFUSED = 'refuse ';

if (import.meta.main) await main();

async function main(): Promise<void> {
  // This is a program of its own, told where things are by its environment, as every job is.
  const { MILLRACE_TERMINATION_LOG: words = '' } = process.env;
  const spec = await readInput();
  const behaviour: Behaviour = 'imported' in spec ? {} : spec.params;
  const run = note(behaviour.notes, `${process.pid}`);
  const exit = behaviour.exits?.[run];
  if (exit !== undefined && exit !== 'ok') {
    const code = exit === 'user' ? 'LABEL_ONE_CLASS' : 'TRAINING_CRASHED';
    writeFileSync(words, JSON.stringify({ code, message: `run ${run + 1} ends: ${exit}` }));
    process.exit(EXIT[exit]);
  }
  if (behaviour.lasting === true) {
    const { spawn } = await import('node:child_process');
    note(behaviour.notes, `${spawn('sleep', ['600']).pid}`);
    await sleep(600_000);
  }
  while (behaviour.waitsFor !== undefined && !existsSync(behaviour.waitsFor)) await sleep(50);
  await writeOutput(spec, behaviour.result);
}

/** Returns how many lines were there before. */
function note(path: string | undefined, line: string): number {
  if (path === undefined) return 0;
  appendFileSync(path, `${line}\n`);
  return readFileSync(path, 'utf8').trimEnd().split('\n').length - 1;
}

async function readInput(): Promise<TrainingSpec | ImportSpec> {
  const { MILLRACE_JOB_INPUT_URI: uri = '', MILLRACE_JOB_INPUT_SHA256: expected = '' } = process.env;
  const { bucket, key } = placeOf(uri);
  await using objects = createS3ObjectStore(readEnvironment(), bucket);
  const body = await objects.get(key);
  if (sha256Hex(body) !== expected) process.exit(EXIT.input);
  return JSON.parse(body.toString()) as TrainingSpec | ImportSpec;
}

function placeOf(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return { bucket, key };
}

async function importedModel({ imported }: ImportSpec): Promise<Buffer> {
  const { bucket, key } = placeOf(imported.uri);
  await using objects = createS3ObjectStore(readEnvironment(), bucket);
  const body = await objects.get(key);
  if (sha256Hex(body) !== imported.sha256) process.exit(EXIT.input);
  const text = body.toString();
  if (!text.startsWith(REFUSED)) return body;
  const { MILLRACE_TERMINATION_LOG: words = '' } = process.env;
  writeFileSync(words, JSON.stringify({ code: text.slice(REFUSED.length), message: 'the model is refused' }));
  process.exit(EXIT.user);
}

async function writeOutput(spec: TrainingSpec | ImportSpec, result: string | undefined): Promise<void> {
  const { smallTraining } = await import('./small-training.ts');
  const { bucket, key: prefix } = placeOf(spec.output.uri);
  await using objects = createS3ObjectStore(readEnvironment(), bucket);
  const files =
    'imported' in spec
      ? { ...smallTraining(spec.columns), 'model.onnx': await importedModel(spec) }
      : smallTraining(spec.columns);
  const artifacts = await Promise.all(
    Object.entries(files).map(async ([name, body]) => {
      const { size, sha256 } = await objects.put(`${prefix}${name}`, body);
      return { name, path: name, size, sha256 };
    }),
  );
  const whole = {
    status: 'ok',
    artifacts,
    metrics: { auc: 0.75 },
    gates: [{ gate: 'auc', value: 0.75, min: 0.7, max: null, passed: true }],
    rows: { train: 'imported' in spec ? 0 : 70, test: 30 },
    engine: 'onnx',
    parity: { max_abs_diff: 0, rows: 30 },
  };
  await objects.put(`${prefix}result.json`, result ?? JSON.stringify(whole));
}
