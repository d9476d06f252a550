import type { Command } from 'commander';
import { answer, type PostAnswer } from '#client/client.ts';
import { table } from '../../print.ts';
import { common, date, print, type CommonOptions, type Shell, wholeNumber } from '../../shell.ts';

type Preview = PostAnswer<'/v1/feature-sets/{set}/preview'>;

interface PreviewOptions extends CommonOptions {
  readonly date: string;
  readonly limit: number;
  readonly dir?: string;
}

export function previewCommand(features: Command, shell: Shell): void {
  common(
    features
      .command('preview')
      .argument('<feature-set>')
      .requiredOption('--date <date>', 'a partition date', date)
      .option('--limit <rows>', 'number of rows, at most 100', wholeNumber, 20)
      .option('--dir <folder>', 'with the configs of this folder instead of the applied ones')
      .description(
        'show the first rows of a date, computed from the lake with small limits; commits nothing',
      ),
    'features preview my_features --date 2026-05-01 --dir my-configs',
  ).action(async (set: string, { date: dt, limit, dir, ...options }: PreviewOptions) => {
    const files = dir === undefined ? {} : { files: [...(await readFolder(dir))] };
    const client = await shell.connect();
    const call = client.POST('/v1/feature-sets/{set}/preview', {
      params: { path: { set } },
      body: { dt, limit, ...files },
    });
    const preview = await answer(call);
    print(shell, options, preview, textOf(preview));
  });
}

async function readFolder(dir: string) {
  const { readConfigFolder } = await import('#configs/read-folder.ts');
  return readConfigFolder(dir);
}

function textOf({ feature_set, dt, columns, rows, more }: Preview): string {
  if (rows.length === 0) return `${feature_set} has no rows at ${dt}\n`;
  const names = columns.map(({ name }) => name);
  return `${table(names, rows)}${more ? `there are more rows; these are the first ${rows.length}\n` : ''}`;
}
