import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ROOT, TOOLS } from '#local/tools.ts';
import type { Outcome } from './encoded.ts';
import { SPARK_BIN } from './install.ts';

/** Queries that Spark runs at once. More than two cores would not help: planning, not data, takes the time. */
export const AT_ONCE = 2;
const LIMIT_MS = 120_000;
const KEPT_OUTPUT = 4_000;

/** A real Spark (test/spark/oracle/spark_oracle.py). */
export interface SparkOracle extends AsyncDisposable {
  /** Registers Parquet files as views. */
  register(tables: Readonly<Record<string, string>>): Promise<void>;
  /** A query without an answer in two minutes has failed. Rejects only if Spark ends. */
  run(sql: string): Promise<Outcome>;
}

/** Where `--serve` listens. */
export const SOCKET = join(TOOLS, 'spark.sock');

/** The Spark of a running `--serve`; otherwise one that lives as long as this process needs it. */
export async function openSpark(options: { readonly compiled: boolean }): Promise<SparkOracle> {
  return (options.compiled ? undefined : await connectSpark()) ?? (await startSpark(options));
}

async function connectSpark(): Promise<SparkOracle | undefined> {
  if (!existsSync(SOCKET)) return undefined;
  const socket = connect(SOCKET);
  try {
    await once(socket, 'connect');
  } catch {
    return undefined; // left behind by a killed process
  }
  const channel = jsonLines(socket, socket, () => 'the Spark of --serve has ended');
  return {
    ...channel,
    [Symbol.asyncDispose]: async () => {
      if (!socket.destroyed) await once(socket.end(), 'close');
    },
  };
}

/** Starts Spark, which also listens on `socket` if given. */
export async function startSpark({
  compiled,
  socket,
}: {
  readonly compiled: boolean;
  readonly socket?: string;
}): Promise<SparkOracle> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-spark-'));
  const args = ['-B', 'test/spark/oracle/spark_oracle.py', '--folder', folder, '--at-once', String(AT_ONCE)];
  if (compiled) args.push('--compiled');
  if (socket !== undefined) args.push('--socket', socket);
  const own = Object.entries(process.env).filter(([name]) => !/^(SPARK|PYSPARK|HADOOP|PYTHON)/.test(name));
  const child = spawn(join(SPARK_BIN, 'python'), args, {
    cwd: ROOT,
    env: { ...Object.fromEntries(own), TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    // A Ctrl-C reaches only this process, which then closes Spark's input.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-KEPT_OUTPUT)));
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const channel = jsonLines(child.stdout, child.stdin, () => `Spark has ended:\n${said}`);
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await channel.ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...channel, [Symbol.asyncDispose]: stop };
}

/** Requests and answers as one JSON object a line; `ready` resolves with the answer that Spark gives unasked. */
function jsonLines(input: Readable, output: Writable, why: () => string) {
  type Answer = { readonly id: number } & Partial<Outcome>;
  const waiting = new Map<number, { done: (answer: Answer) => void; failed: (error: Error) => void }>();
  let next = 0;
  const answerTo = (id: number): Promise<Answer> =>
    new Promise((done, failed) => waiting.set(id, { done, failed }));
  const ready = answerTo(next++);
  ready.catch(() => undefined);

  let ended = false;
  const fail = (): void => {
    ended = true;
    for (const { failed } of waiting.values()) failed(new Error(why()));
    waiting.clear();
  };
  const lines = createInterface({ input });
  lines.on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id)?.done(answer);
    waiting.delete(answer.id);
  });
  lines.on('error', fail);
  input.once('close', fail);
  output.on('error', fail);

  const ask = async (request: object): Promise<Answer> => {
    if (ended) throw new Error(why());
    const id = next++;
    const answer = answerTo(id);
    const late = setTimeout(() => {
      waiting.get(id)?.done({ id, error: { class: 'TIMEOUT', message: 'Spark gave no answer.' } });
      waiting.delete(id);
    }, LIMIT_MS);
    output.write(`${JSON.stringify({ id, ...request })}\n`);
    return await answer.finally(() => clearTimeout(late));
  };
  return {
    ready,
    async register(tables: Readonly<Record<string, string>>): Promise<void> {
      const answer = await ask({ tables });
      if ('error' in answer) throw new Error(`Spark cannot read the tables: ${answer.error?.message ?? ''}`);
    },
    run: async (sql: string): Promise<Outcome> => (await ask({ sql })) as Outcome & Answer,
  };
}
