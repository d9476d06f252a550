import { parseArgs } from 'node:util';
import { onStop } from '#local/on-stop.ts';
import { parityCases } from './cases/parity-cases.ts';
import { TABLES } from './data/tables.ts';
import { typeText } from './encoded.ts';
import { installSpark } from './install.ts';
import { mypyFindings } from './oracle/mypy.ts';
import { queriesOf } from './query-file.ts';
import { describeCase, outcomeLines, summary } from './report.ts';
import { runCase, type ComparedQuery, type Sides } from './run-case.ts';
import { runCases } from './run-cases.ts';
import { openSides } from './sides.ts';
import { SOCKET, startSpark } from './spark-oracle.ts';

/**
 * `npm run test:spark`: installs a real Spark and compares the feature language on DuckDB with it. Ends with
 * `N passed, N failed`. For authors of functions: `--sql`, `--file` and `--serve` (docs/features.md).
 */
const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    sql: { type: 'string' },
    duckdb: { type: 'string' },
    file: { type: 'string' },
    tables: { type: 'boolean', default: false },
    serve: { type: 'boolean', default: false },
    compiled: { type: 'boolean', default: false },
  },
});
const SAID_AFTER = 200;
const say = (line: string) => process.stderr.write(`        ${line}\n`);
const stopped = new AbortController();
onStop((signal) => stopped.abort(signal));
const { signal } = stopped;

try {
  if (values.tables) listTables();
  else {
    await installSpark(say);
    if (values.serve) await serve();
    else await compare();
  }
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}

function listTables(): void {
  for (const { name, columns, rows } of TABLES) {
    const list = columns.map((column) => `${column.name} ${typeText(column.type)}`).join(', ');
    console.log(`${name} (${list}): ${String(rows.length)} rows`);
  }
}

/** Keeps a Spark for later calls, which then start at once. */
async function serve(): Promise<void> {
  await using _spark = await startSpark({ compiled: values.compiled, socket: SOCKET });
  say('Spark is ready for other calls of npm run test:spark; Ctrl-C ends it');
  // A signal alone does not keep the process alive.
  const alive = setInterval(() => undefined, 60_000);
  await new Promise<void>((done) => signal.addEventListener('abort', () => done()));
  clearInterval(alive);
}

async function compare(): Promise<void> {
  await using sides = await openSides({ compiled: values.compiled });
  if (values.sql !== undefined) await showQuery(values.sql, sides);
  else if (values.file !== undefined) await runQueries(await queriesOf(values.file), sides);
  else if (values.only !== undefined) await runQueries(casesNamed(values.only), sides);
  else await runQueries(casesOfTier(), sides, await mypyFindings());
}

/** Prints what both engines answer. A query that the platform refuses runs on Spark all the same. */
async function showQuery(sql: string, sides: Sides): Promise<void> {
  const query = { name: 'query', sql, ...(values.duckdb === undefined ? {} : { duckdb: values.duckdb }) };
  const result = await runCase(query, sides);
  const spark = result.spark ?? (await sides.spark.run(sql));
  if (result.texts !== undefined) console.log(`DuckDB runs  ${result.texts.duckdb}\n`);
  console.log(['Spark', ...outcomeLines(spark)].join('\n'));
  if (result.duckdb !== undefined) console.log(['DuckDB', ...outcomeLines(result.duckdb)].join('\n'));
  console.log([`=> ${result.verdict}`, ...result.why].join('\n'));
  process.exitCode = result.verdict === 'same' ? 0 : 1;
}

/** `mypy`: what it found in the oracle, empty if nothing; absent if it did not run. */
async function runQueries(queries: readonly ComparedQuery[], sides: Sides, mypy?: string): Promise<void> {
  const started = Date.now();
  let ended = 0;
  const results = await runCases(queries, sides, {
    signal,
    onResult: (result) => {
      if (result.verdict !== 'same') console.log(describeCase(result));
      ended += 1;
      if (ended % SAID_AFTER === 0) say(`${String(ended)} of ${String(queries.length)} cases`);
    },
  });
  const right = results.filter(({ verdict }) => verdict === 'same').length;
  const wrong = results.length - right;
  if (mypy) console.log(mypy);
  console.log(`${summary(results)}\n${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (signal.aborted) console.log(`stopped (${String(signal.reason)}) before the end`);
  const passed = right + (mypy === '' ? 1 : 0);
  const failed = wrong + (mypy ? 1 : 0);
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
  process.exitCode = failed > 0 || passed === 0 || signal.aborted ? 1 : 0;
}

function casesOfTier(): readonly ComparedQuery[] {
  return parityCases().filter(({ core = true }) => core || values.all);
}

function casesNamed(pattern: string): readonly ComparedQuery[] {
  const wanted = new RegExp(pattern, 'i');
  return parityCases().filter(({ name }) => wanted.test(name));
}
