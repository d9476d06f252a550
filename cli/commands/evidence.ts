import type { Command } from 'commander';
import { CliFailure, EXIT } from '../failure.ts';
import { pairPath, SET_OPTION } from '../pair.ts';
import { facts, table } from '../print.ts';
import { common, print, type CommonOptions, type Shell } from '../shell.ts';
import { allPages } from './versions.ts';

interface PairOptions extends CommonOptions {
  readonly featureSet?: string;
}

interface Lineage {
  readonly lineage: readonly {
    readonly feature: string;
    readonly sources: readonly string[];
    readonly expression: string;
  }[];
}

interface Check {
  readonly verified: boolean;
  readonly entries: number;
  readonly copies: number;
  readonly problems: readonly { readonly seq: number; readonly problem: string }[];
}

interface Entry {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  readonly digest: string;
}

/** What can be proved afterwards: where features come from, and what happened to a pair. */
export function evidenceCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('lineage')
      .argument('<feature-set>')
      .description('show which raw columns each feature comes from'),
    'lineage my_features',
  ).action(async (set: string, options: CommonOptions) => {
    const client = await shell.connect();
    const answer = await client.get<Lineage>(`/v1/feature-sets/${encodeURIComponent(set)}/lineage`);
    const rows = answer.lineage.map((one) => [one.feature, one.sources.join(', ')]);
    print(shell, options, answer, table(['feature', 'raw columns'], rows));
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
    const path = await pairPath(client, model, options.featureSet);
    const check = await client.get<Check>(`${path}/dossier/verify`);
    if (!check.verified)
      throw new CliFailure('DOSSIER_BROKEN', `the dossier of ${model} does not verify`, {
        exit: EXIT.failed,
        where: path,
        remedy: 'Treat the entries listed as tampered: find who wrote them, and compare with the copies.',
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
    const path = `${await pairPath(client, model, options.featureSet)}/dossier?limit=200`;
    const entries = await allPages<Entry>((after) => client.get(`${path}${after}`));
    const rows = entries.map((one) => [one.seq, one.at, one.kind, one.actor, one.digest.slice(0, 12)]);
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
    const at = options.at === undefined ? '' : `?at=${encodeURIComponent(options.at)}`;
    const path = `${await pairPath(client, model, options.featureSet)}/history${at}`;
    const { intervals } = await client.get<{ intervals: readonly Interval[] }>(path);
    const rows = intervals.map((one) => [
      one.version,
      one.deployment,
      one.live_from,
      one.live_until ?? 'now',
    ]);
    print(shell, options, { intervals }, table(['version', 'deployment', 'from', 'until'], rows));
  });

  common(
    program
      .command('scores')
      .argument('<model>')
      .argument('<date>', 'score date')
      .option(...SET_OPTION)
      .description('show the committed scores of a day: files, rows, drift'),
    'scores my_model 2026-10-01',
  ).action(async (model: string, day: string, options: PairOptions) => {
    const client = await shell.connect();
    const path = `${await pairPath(client, model, options.featureSet)}/scores/${encodeURIComponent(day)}`;
    const scores = await client.get<Scores>(path);
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

interface Interval {
  readonly version: number;
  readonly deployment: number;
  readonly live_from: string;
  readonly live_until: string | null;
}

interface Scores {
  readonly version: number;
  readonly revision: number;
  readonly partition: { readonly dt: string };
  readonly rows: number;
  readonly declined: number;
  readonly uris: readonly string[];
  readonly drift: readonly { readonly name: string; readonly psi: number; readonly level: string }[];
}
