import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { pairPath, SET_OPTION } from '../pair.ts';
import { facts, table } from '../print.ts';
import { common, print, wholeNumber, type CommonOptions, type Shell } from '../shell.ts';
import { startAndShow } from './runs.ts';

interface PairOptions extends CommonOptions {
  readonly featureSet?: string;
}

interface Version {
  readonly version: number;
  readonly stage: string;
  readonly since: string;
  readonly as_of: string;
  readonly author: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly {
    readonly gate: string;
    readonly value: number | null;
    readonly passed: boolean;
  }[];
  readonly artifacts: readonly { readonly name: string; readonly uri: string; readonly sha256: string }[];
  readonly card_missing: readonly string[];
}

interface Stage {
  readonly version: number;
  readonly stage: string;
}

/** What is registered, and what people decide about it. */
export function versionCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('versions')
      .argument('<model>')
      .argument('[version]', 'show this one', wholeNumber)
      .option(...SET_OPTION)
      .description('list versions with stage and figures, newest first'),
    'versions my_model',
  ).action(async (model: string, version: number | undefined, options: PairOptions) => {
    const client = await shell.connect();
    const path = `${await pairPath(client, model, options.featureSet)}/versions`;
    if (version !== undefined) {
      const one = await client.get<Version>(`${path}/${version}`);
      print(shell, options, one, versionText(one));
      return;
    }
    const versions = await allPages<Version>((after) => client.get(`${path}?limit=200${after}`));
    const rows = versions.map((one) => [
      one.version,
      one.stage,
      one.since,
      one.as_of,
      one.author,
      one.metrics['auc'],
    ]);
    print(shell, options, { versions }, table(['version', 'stage', 'since', 'as of', 'author', 'AUC'], rows));
  });

  common(
    program
      .command('card')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .addOption(
        new Option('--format <format>', 'form of the card')
          .choices(['markdown', 'json', 'html', 'cyclonedx'])
          .default('markdown'),
      )
      .option('--out <file>', 'write it to a file')
      .option(...SET_OPTION)
      .description('read the model card of a version'),
    'card my_model 1 --format html --out card.html',
  ).action(
    async (model: string, version: number, options: PairOptions & { format: string; out?: string }) => {
      const client = await shell.connect();
      const format = options.json === true ? 'json' : options.format;
      const path = await pairPath(client, model, options.featureSet);
      const card = await client.text(`${path}/versions/${version}/card?format=${format}`);
      const text = card.endsWith('\n') ? card : `${card}\n`;
      if (options.out === undefined) {
        shell.terminal.out(text);
        return;
      }
      const file = resolve(shell.terminal.folder, options.out);
      await writeFile(file, text);
      print(shell, options, { file }, `${file}\n`);
    },
  );

  for (const verdict of ['approve', 'reject'] as const) {
    const command = program
      .command(verdict)
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .requiredOption('--reason <text>', 'stands in the dossier')
      .option(...SET_OPTION)
      .description(`${verdict} a registered version`);
    if (verdict === 'approve')
      command.option(
        '--waive <gate=reason>',
        'let a failed gate pass; may be given several times',
        waiver,
        [],
      );
    common(command, `${verdict} my_model 1 --reason "Gates passed, card read."`).action(
      async (model: string, version: number, options: PairOptions & { reason: string; waive?: Waiver[] }) => {
        const client = await shell.connect();
        const path = `${await pairPath(client, model, options.featureSet)}/versions/${version}/${verdict}`;
        const { reason, waive: waivers } = options;
        const stage = await client.post<Stage>(path, { reason, ...(waivers && { waivers }) });
        print(shell, options, stage, `version ${stage.version} is ${stage.stage}\n`);
      },
    );
  }

  common(
    program
      .command('deploy')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .option('--go-live <when>', 'next_day, or a time from now such as 2s or 12h')
      .option('--detach', 'return at once; `millrace status <id>` follows')
      .option(...SET_OPTION)
      .description('deploy an approved version'),
    'deploy my_model 1 --go-live 2s',
  ).action(
    async (model: string, version: number, options: PairOptions & { goLive?: string; detach?: boolean }) => {
      const { goLive } = options;
      const go_live = goLive === undefined || goLive === 'next_day' ? goLive : { after: goLive };
      await startAndShow(shell, options, async (client) => {
        const path = `${await pairPath(client, model, options.featureSet)}/versions/${version}/deploy`;
        return client.post(path, { go_live });
      });
    },
  );

  common(
    program
      .command('rollback')
      .argument('<model>')
      .option('--to <version>', 'another version than the one that was live before', wholeNumber)
      .option('--detach', 'return at once; `millrace status <id>` follows')
      .option(...SET_OPTION)
      .description('make an earlier version live again, at once'),
    'rollback my_model',
  ).action(async (model: string, options: PairOptions & { to?: number; detach?: boolean }) => {
    await startAndShow(shell, options, async (client) =>
      client.post(`${await pairPath(client, model, options.featureSet)}/rollback`, {
        to_version: options.to,
      }),
    );
  });

  common(
    program
      .command('archive')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .requiredOption('--reason <text>', 'stands in the dossier')
      .option(...SET_OPTION)
      .description('archive a version that is no longer wanted; a live one leaves live'),
    'archive my_model 1 --reason "Replaced by version 2."',
  ).action(async (model: string, version: number, options: PairOptions & { reason: string }) => {
    const client = await shell.connect();
    const path = `${await pairPath(client, model, options.featureSet)}/versions/${version}/archive`;
    const stage = await client.post<Stage>(path, { reason: options.reason });
    print(shell, options, stage, `version ${stage.version} is ${stage.stage}\n`);
  });
}

interface Waiver {
  readonly gate: string;
  readonly reason: string;
}

export function waiver(text: string, before: readonly Waiver[]): Waiver[] {
  const [, gate, reason] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (gate === undefined || reason === undefined) throw new InvalidArgumentError('a gate, =, and a reason');
  return [...before, { gate, reason }];
}

export async function allPages<T>(
  page: (after: string) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let after = ''; ;) {
    const { items, next } = await page(after);
    all.push(...items);
    if (next === undefined) return all;
    after = `&after=${encodeURIComponent(next)}`;
  }
}

function versionText(one: Version): string {
  return [
    facts([
      ['version', one.version],
      ['stage', `${one.stage} since ${one.since}`],
      ['as of', one.as_of],
      ['author', one.author],
      ['card', one.card_missing.length === 0 ? 'complete' : `lacks ${one.card_missing.join(', ')}`],
      ...Object.entries(one.metrics),
    ]),
    table(
      ['gate', 'value', 'passed'],
      one.gates.map(({ gate, value, passed }) => [gate, value, passed ? 'yes' : 'NO']),
    ),
    table(
      ['artifact', 'SHA-256', 'uri'],
      one.artifacts.map(({ name, sha256, uri }) => [name, sha256, uri]),
    ),
  ].join('');
}
