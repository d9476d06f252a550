import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { answer, type Client, type GetAnswer, type PostAnswer } from '#client/client.ts';
import { pairOf, SET_OPTION } from '../pair.ts';
import { allPages } from '../pages.ts';
import { facts, table } from '../print.ts';
import { common, print, wholeNumber, type CommonOptions, type Shell } from '../shell.ts';

interface PairOptions extends CommonOptions {
  readonly featureSet?: string;
}

const FORMATS = ['markdown', 'json', 'html', 'cyclonedx'] as const;
type Format = (typeof FORMATS)[number];

type Version = GetAnswer<'/v1/pairs/{model}/{set}/versions/{version}'>;

async function evidenceNow(
  client: Client,
  params: { path: { model: string; set: string; version: number } },
): Promise<string> {
  const { evidence } = await answer(client.GET('/v1/pairs/{model}/{set}/versions/{version}', { params }));
  return evidence;
}

/** Commands about registered versions and the decisions on them. */
export function versionCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('versions')
      .argument('<model>')
      .argument('[version]', 'show this version only', wholeNumber)
      .option(...SET_OPTION)
      .description('list versions with their stage and AUC, newest first'),
    'versions my_model',
  ).action(async (model: string, version: number | undefined, options: PairOptions) => {
    const client = await shell.connect();
    const pair = await pairOf(client, model, options.featureSet);
    if (version !== undefined) {
      const params = { path: { ...pair, version } };
      const one = await answer(client.GET('/v1/pairs/{model}/{set}/versions/{version}', { params }));
      print(shell, options, one, versionText(one));
      return;
    }
    const versions = await allPages((page) =>
      answer(client.GET('/v1/pairs/{model}/{set}/versions', { params: { path: pair, query: page } })),
    );
    const rows = versions.map((one) => [
      one.version,
      one.stage,
      one.since,
      one.as_of,
      one.authors.join(', '),
      one.metrics['auc'],
      one.scheduled.map(({ live_at }) => live_at).join(', ') || undefined,
    ]);
    print(
      shell,
      options,
      { versions },
      table(['version', 'stage', 'since', 'as of', 'authors', 'AUC', 'goes live'], rows),
    );
  });

  common(
    program
      .command('card')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .addOption(new Option('--format <format>', 'format of the card').choices(FORMATS).default('markdown'))
      .option('--out <file>', 'write the card to this file')
      .option(...SET_OPTION)
      .description('print the model card of a version'),
    'card my_model 1 --format html --out card.html',
  ).action(
    async (model: string, version: number, options: PairOptions & { format: Format; out?: string }) => {
      const client = await shell.connect();
      const format = options.json === true ? 'json' : options.format;
      const params = {
        path: { ...(await pairOf(client, model, options.featureSet)), version },
        query: { format },
      };
      const path = '/v1/pairs/{model}/{set}/versions/{version}/card';
      const card = await answer(client.GET(path, { params, parseAs: 'text' }));
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
      .requiredOption('--reason <text>', 'reason, kept in the dossier')
      .option(...SET_OPTION)
      .description(`${verdict} a registered version`);
    if (verdict === 'approve')
      command.option(
        '--evidence <digest>',
        'digest of what was reviewed, as `millrace version` shows it; default: of the version now',
      );
    if (verdict === 'approve')
      command.option('--waive <gate=reason>', 'waive a failed gate; repeatable', waiver, []);
    common(command, `${verdict} my_model 1 --reason "Gates passed, card read."`).action(
      async (
        model: string,
        version: number,
        options: PairOptions & { reason: string; waive?: Waiver[]; evidence?: string },
      ) => {
        const client = await shell.connect();
        const { reason, waive: waivers } = options;
        const params = { path: { ...(await pairOf(client, model, options.featureSet)), version } };
        const stage = await answer(
          verdict === 'approve'
            ? client.POST('/v1/pairs/{model}/{set}/versions/{version}/approve', {
                params,
                body: { reason, waivers, evidence: options.evidence ?? (await evidenceNow(client, params)) },
              })
            : client.POST('/v1/pairs/{model}/{set}/versions/{version}/reject', { params, body: { reason } }),
        );
        const given = stage.judgements.length;
        const waits = verdict === 'approve' && stage.stage === 'registered';
        const still = waits ? `; ${given} approved it so far, and its risk tier asks for more` : '';
        print(shell, options, stage, `version ${stage.version} is ${stage.stage}${still}\n`);
      },
    );
  }

  common(
    program
      .command('revise-card')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .requiredOption('--reason <text>', 'reason, kept in the dossier')
      .option(...SET_OPTION)
      .description("take the texts of a version's card from the applied config, without training again"),
    'revise-card my_model 1 --reason "The market was missing."',
  ).action(async (model: string, version: number, options: PairOptions & { reason: string }) => {
    const client = await shell.connect();
    const params = { path: { ...(await pairOf(client, model, options.featureSet)), version } };
    const path = '/v1/pairs/{model}/{set}/versions/{version}/card';
    const stage = await answer(client.POST(path, { params, body: { reason: options.reason } }));
    print(shell, options, stage, revisedText(stage));
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

function revisedText({
  version,
  card,
  stage,
}: PostAnswer<'/v1/pairs/{model}/{set}/versions/{version}/card'>): string {
  if (card === null) return `the card of version ${version} has these texts already\n`;
  const lacks = card.missing.length === 0 ? 'complete' : `lacks ${card.missing.join(', ')}`;
  return `version ${version} is ${stage} with revision ${card.revision} of its card: ${lacks}\n`;
}

function rowsText({ train, test, unlabelled }: Version['rows']): string {
  const without = unlabelled === undefined || unlabelled === 0 ? '' : `, ${unlabelled} without a label`;
  return `${train} trained on, ${test} held out${without}`;
}

function versionText(one: Version): string {
  return [
    facts([
      ['version', one.version],
      ['stage', `${one.stage} since ${one.since}`],
      ['withdrawn', one.withdrawal && `by ${one.withdrawal.principal}: ${one.withdrawal.reason}`],
      ['as of', one.as_of],
      ['rows', rowsText(one.rows)],
      ['authors', one.authors.join(', ')],
      ['evidence', one.evidence],
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
