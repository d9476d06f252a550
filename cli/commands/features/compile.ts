import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { answer, type GetAnswer } from '#client/client.ts';
import { table } from '../../print.ts';
import { common, date, print, type CommonOptions, type Shell } from '../../shell.ts';
import { plain } from '../../terminal.ts';
import { commentLines } from './sql-script.ts';

type Explained = GetAnswer<'/v1/feature-sets/{set}/query'>;
type Engine = keyof Explained['engines'];

interface CompileOptions extends CommonOptions {
  readonly date?: string;
  readonly engine?: Engine;
  readonly dir?: string;
}

export function compileCommand(features: Command, shell: Shell): void {
  common(
    features
      .command('compile')
      .argument('<feature-set>')
      .option('--date <date>', 'a partition date; default: the last one that has begun', date)
      .addOption(new Option('--engine <engine>', 'only the SQL of this engine').choices(['duckdb', 'spark']))
      .option('--dir <folder>', 'compile the set of this folder on this machine instead of the applied one')
      .description('show the SQL of a date as each engine gets it, with columns and lineage; reads no data'),
    'features compile my_features --date 2026-05-01 --engine duckdb --dir my-configs',
  ).action(async (set: string, options: CompileOptions) => {
    const explained = await explain(shell, set, options);
    print(shell, options, explained, plain(textOf(explained, options.engine)));
  });
}

async function explain(shell: Shell, set: string, { date: dt, dir }: CompileOptions): Promise<Explained> {
  if (dir !== undefined) {
    const { compileInFolder } = await import('#local/feature-sets/compile.ts');
    const { MILLRACE_BUCKET: bucket } = await shell.terminal.environment();
    const folder = resolve(shell.terminal.folder, dir);
    return (await compileInFolder(folder, { set, dt, bucket, now: new Date() })) as Explained;
  }
  const client = await shell.connect();
  const query = dt === undefined ? {} : { dt };
  return answer(client.GET('/v1/feature-sets/{set}/query', { params: { path: { set }, query } }));
}

/** A script of SQL whose comments say the rest, so that it can be written to a file. */
function textOf({ feature_set, dt, file, columns, lineage, engines }: Explained, only?: Engine): string {
  const from = new Map(lineage.map(({ feature, sources }) => [feature, sources.join(', ')]));
  const facts = table(
    ['column', 'type', 'from'],
    columns.map(({ name, type }) => [name, type, from.get(name) ?? 'the entity']),
  );
  const texts = (['duckdb', 'spark'] as const).filter((engine) => only === undefined || engine === only);
  return [
    commentLines(`${feature_set} at ${dt}, from ${file}\n\n${facts}`),
    ...texts.flatMap((engine) => engineText(engine, engines[engine])),
  ].join('\n');
}

function engineText(engine: Engine, { relations, query }: Explained['engines'][Engine]): string[] {
  const views = relations.map(
    ({ kind, of, sql }) =>
      `${commentLines(kind === 'source' ? `source ${of}, as it was known on the date` : `the partition of ${of}`)}${sql};\n`,
  );
  return [
    commentLines(`${NAMES[engine]}: what the query reads`),
    ...views,
    `${commentLines('the query')}${query};\n`,
  ];
}

const NAMES: Readonly<Record<Engine, string>> = { duckdb: 'DuckDB', spark: 'Spark' };
