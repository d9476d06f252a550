import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { answer } from '#client/client.ts';
import type { ConfigFile } from '#configs/load.ts';
import { CliFailure } from '../failure.ts';
import { sourceYaml } from '../source-yaml.ts';
import { featureSetScaffold, modelScaffold, sourceScaffold } from '../scaffold.ts';
import { common, print, type CommonOptions, type Shell } from '../shell.ts';

interface NewOptions extends CommonOptions {
  readonly dir: string;
}

/** Writes first configs for people to edit. An existing file is never overwritten. */
export function newCommands(program: Command, shell: Shell): void {
  const group = program
    .command('new')
    .description('write a first source, feature set or model for you to edit');
  const add = (kind: string, what: string, example: string): Command =>
    common(
      group
        .command(kind)
        .argument('<name>', 'name')
        .option('--dir <folder>', 'folder to write to', '.')
        .description(what),
      example,
    );

  add('source', 'a raw table', 'new source visits --from s3://my-lake/raw/visits/')
    .option(
      '--from <place>',
      'Parquet files to draft it from: a folder of the lake, s3://…, or of this machine',
    )
    .action(async (named: string, options: NewOptions & { from?: string }, command: Command) => {
      await checkNames(command, [named]);
      const { from } = options;
      const files = from === undefined ? sourceScaffold(named) : [await drafted(shell, named, from)];
      await writeNew(shell, options, files);
    });
  add('feature-set', 'a SQL query and its config', 'new feature-set habits --source visits')
    .requiredOption('--source <name>', 'raw table that it reads')
    .action(async (named: string, options: NewOptions & { source: string }, command: Command) => {
      await checkNames(command, [named, options.source]);
      await writeNew(shell, options, featureSetScaffold(named, options.source));
    });
  add('model', 'a model', 'new model buys --on habits --label visits')
    .requiredOption('--on <feature-set>', 'feature set to train on')
    .requiredOption('--label <source>', 'raw table with the outcome')
    .action(async (named: string, options: NewOptions & { on: string; label: string }, command: Command) => {
      await checkNames(command, [named, options.on, options.label]);
      await writeNew(shell, options, modelScaffold(named, options.on, options.label));
    });
}

/** The lake is read by the API, which has its credentials; a folder of this machine by this process. */
async function drafted(shell: Shell, name: string, from: string): Promise<ConfigFile> {
  if (/^s3:\/\//i.test(from)) {
    const client = await shell.connect();
    const { location, ...draft } = await answer(
      client.GET('/v1/source-drafts', { params: { query: { from } } }),
    );
    return sourceYaml({ name, from, location, draft });
  }
  const { draftFromFolder } = await import('#local/sources/draft.ts');
  const draft = await draftFromFolder(resolve(shell.terminal.folder, from));
  return sourceYaml({ name, from, location: undefined, draft });
}

async function writeNew(shell: Shell, options: NewOptions, files: readonly ConfigFile[]): Promise<void> {
  const folder = resolve(shell.terminal.folder, options.dir);
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const { path, text } of files) {
    const file = join(folder, path);
    try {
      await writeFile(file, text, { flag: 'wx' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      throw new CliFailure('FILE_EXISTS', `${file} exists already.`, { where: file });
    }
    written.push(file);
  }
  const hint = `edit the files, then run: millrace validate ${options.dir}\n`;
  print(shell, options, { written }, `${written.map((file) => `${file}\n`).join('')}${hint}`);
}

/** Not done while the command line is parsed, because the name schema is slow to load. */
async function checkNames(command: Command, names: readonly string[]): Promise<void> {
  const { nameSchema } = await import('#configs/names.ts');
  const wrong = names.find((name) => !nameSchema.safeParse(name).success);
  if (wrong !== undefined)
    command.error(
      `error: '${wrong}' is not a name: a name is a lower-case letter, then lower-case letters, digits or _`,
    );
}
