import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { onStop } from '#local/on-stop.ts';
import { parityCases } from './cases/parity-cases.ts';
import { TABLES } from './data/tables.ts';
import { typeText } from './encoded.ts';
import { installSpark } from './install.ts';
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
const say = (line: string) => process.stderr.write(`        ${line}\n`);
const stopped = new AbortController();
onStop((signal) => stopped.abort(signal));
const { signal } = stopped;

if (values.tables) {
  for (const { name, columns, rows } of TABLES) {
    const list = columns.map((column) => `${column.name} ${typeText(column.type)}`).join(', ');
    console.log(`${name} (${list}): ${String(rows.length)} rows`);
  }
} else {
  await installSpark(say);
  if (values.serve) await serve();
  else await compare();
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
  await using sides = await openSides({ compiled: values.compiled || values.all });
  if (values.sql !== undefined) await showQuery(values.sql, sides);
  else if (values.file !== undefined) await runQueries(await queriesOf(values.file), sides);
  else await runQueries(chosenCases(), sides);
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

async function runQueries(queries: readonly ComparedQuery[], sides: Sides): Promise<void> {
  const started = Date.now();
  const results = await runCases(queries, sides, {
    signal,
    onResult: (result) => {
      if (result.verdict !== 'same') console.log(describeCase(result));
    },
  });
  const passed = results.filter(({ verdict }) => verdict === 'same').length;
  console.log(`${summary(results)}\n${((Date.now() - started) / 1000).toFixed(1)} s`);
  console.log(`${String(passed)} passed, ${String(results.length - passed)} failed`);
  process.exitCode = results.length > 0 && passed === results.length ? 0 : 1;
}

function chosenCases(): readonly ComparedQuery[] {
  const wanted = values.only === undefined ? undefined : new RegExp(values.only, 'i');
  return parityCases()
    .filter(({ core = true }) => core || values.all || wanted !== undefined)
    .filter(({ name }) => wanted?.test(name) ?? true);
}

/** One query a line; `<Spark SQL> ||| <DuckDB SQL>` compares two texts without the translation. Skips `--` comments. */
async function queriesOf(path: string): Promise<readonly ComparedQuery[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('--')) return [];
    const [sql = '', duckdb] = line.split('|||').map((part) => part.trim());
    return [{ name: `line ${String(index + 1)}`, sql, ...(duckdb === undefined ? {} : { duckdb }) }];
  });
}
