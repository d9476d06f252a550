import type { Command } from 'commander';
import { answer, type Client, type GetAnswer } from '#client/client.ts';
import { CliFailure } from '../failure.ts';
import { pairOf, SET_OPTION } from '../pair.ts';
import { allPages } from '../pages.ts';
import { facts, table } from '../print.ts';
import { common, date, print, type CommonOptions, type Shell } from '../shell.ts';

interface PairOptions extends CommonOptions {
  readonly featureSet?: string;
}

/** Commands that read evidence: the origin of features, and the history of a pair. */
export function evidenceCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('lineage')
      .argument('<feature-set>')
      .description('show which raw columns each feature comes from'),
    'lineage my_features',
  ).action(async (set: string, options: CommonOptions) => {
    const client = await shell.connect();
    const path = '/v1/feature-sets/{set}/lineage';
    const lineage = await answer(client.GET(path, { params: { path: { set } } }));
    const rows = lineage.lineage.map((one) => [one.feature, one.sources.join(', ')]);
    print(shell, options, lineage, table(['feature', 'raw columns'], rows));
  });

  const dossier = program
    .command('dossier')
    .description('the hash-chained record of what happened to a pair');
  common(
    dossier
      .command('verify')
      .argument('<model>')
      .option(...SET_OPTION)
      .description('check every digest, the end of the chain, and the copy in the object store'),
    'dossier verify my_model',
  ).action(async (model: string, options: PairOptions) => {
    const client = await shell.connect();
    const pair = await pairOf(client, model, options.featureSet);
    const check = await verifyDossier(client, pair);
    if (!check.verified)
      throw new CliFailure('DOSSIER_BROKEN', `The dossier of ${model} does not verify.`, {
        where: `${pair.model}/${pair.set}`,
        problems: check.problems.map(({ seq, problem }) => `entry ${seq}: ${problem}`),
      });
    print(shell, options, check, `${check.entries} entries and ${check.copies} copies verified\n`);
  });
  common(
    dossier
      .command('show')
      .argument('<model>')
      .option(...SET_OPTION)
      .description('list the entries, oldest first'),
    'dossier show my_model',
  ).action(async (model: string, options: PairOptions) => {
    const client = await shell.connect();
    const pair = await pairOf(client, model, options.featureSet);
    const entries = await allPages((page) =>
      answer(client.GET('/v1/pairs/{model}/{set}/dossier', { params: { path: pair, query: page } })),
    );
    const rows = entries.map((one) => [one.seq, one.at, one.kind, one.principal, one.digest.slice(0, 12)]);
    print(shell, options, { entries }, table(['entry', 'at', 'kind', 'by', 'digest'], rows));
  });

  common(
    program
      .command('history')
      .argument('<model>')
      .option('--at <instant>', 'the version that was live at this instant (ISO-8601)')
      .option(...SET_OPTION)
      .description('show when which version was live'),
    'history my_model --at 2026-11-24T05:00:00Z',
  ).action(async (model: string, options: PairOptions & { at?: string }) => {
    const client = await shell.connect();
    const path = await pairOf(client, model, options.featureSet);
    const { at } = options;
    let scheduled: GetAnswer<'/v1/pairs/{model}/{set}/history'>['scheduled'] = [];
    const intervals = await allPages(async (page) => {
      const params = { path, query: { ...page, at } };
      const found = await answer(client.GET('/v1/pairs/{model}/{set}/history', { params }));
      scheduled = found.scheduled;
      return found;
    });
    const rows = [
      ...intervals.map((one) => [one.version, one.deployment, one.live_from, one.live_until ?? 'now']),
      ...scheduled.map((one) => [one.version, one.deployment, one.live_at, 'scheduled']),
    ];
    print(shell, options, { intervals, scheduled }, table(['version', 'deployment', 'from', 'until'], rows));
  });

  common(
    program
      .command('scores')
      .argument('<model>')
      .argument('[date]', 'score date (default: list the scored dates)', date)
      .option(...SET_OPTION)
      .description('show the committed scores of a day (files, rows, drift), or list the scored dates'),
    'scores my_model 2026-10-01',
  ).action(async (model: string, day: string | undefined, options: PairOptions) => {
    const client = await shell.connect();
    const pair = await pairOf(client, model, options.featureSet);
    if (day === undefined) {
      const list = await allPages((query) =>
        answer(client.GET('/v1/pairs/{model}/{set}/scores', { params: { path: pair, query } })),
      );
      const scored = list.map((one) => [one.score_date, one.version, one.revision, one.rows, one.declined]);
      const text = table(['date', 'version', 'revision', 'rows', 'declined'], scored);
      print(shell, options, { scores: list }, text);
      return;
    }
    const path = { ...pair, score_date: day };
    const scores = await answer(
      client.GET('/v1/pairs/{model}/{set}/scores/{score_date}', { params: { path } }),
    );
    const { version, revision, partition, rows, declined, uris, drift } = scores;
    const text = facts([
      ['version', `${version}, revision ${revision}`],
      ['partition', partition.dt],
      ['rows', `${rows}, ${declined} declined`],
      ...uris.map((uri) => ['file', uri] as const),
    ]);
    const drifting = drift.map(({ name, psi, level }) => [name, psi, level]);
    print(shell, options, scores, `${text}${table(['drift of', 'PSI', 'level'], drifting)}`);
  });
}

/** Checks page by page, so that no request outlasts its time limit. */
async function verifyDossier(client: Client, pair: { readonly model: string; readonly set: string }) {
  const path = '/v1/pairs/{model}/{set}/dossier/verify';
  const problems: { readonly seq: number; readonly problem: string }[] = [];
  let entries = 0;
  let copies = 0;
  let after: string | undefined;
  do {
    const page = await answer(client.GET(path, { params: { path: pair, query: { after } } }));
    problems.push(...page.problems);
    entries += page.entries;
    copies += page.copies;
    after = page.next;
  } while (after !== undefined);
  return { verified: problems.length === 0, entries, copies, problems };
}
