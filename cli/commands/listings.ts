import type { Command } from 'commander';
import { answer } from '#client/client.ts';
import { allPages } from '../pages.ts';
import { pairOf, SET_OPTION } from '../pair.ts';
import { failingTable } from '../failing-table.ts';
import { facts, table } from '../print.ts';
import { common, date, print, type CommonOptions, type Shell } from '../shell.ts';

interface PairOptions extends CommonOptions {
  readonly featureSet?: string;
}

/** Commands that list what is applied, built and deployed. */
export function listingCommands(program: Command, shell: Shell): void {
  documentListing(program, shell, 'models', 'Model');
  documentListing(program, shell, 'feature-sets', 'FeatureSet');

  common(
    program
      .command('partitions')
      .argument('<feature-set>')
      .option('--from <date>', 'first partition date', date)
      .option('--to <date>', 'last partition date', date)
      .description('list the committed partitions of a feature set, oldest first'),
    'partitions my_features --from 2026-05-01',
  ).action(async (set: string, options: CommonOptions & { from?: string; to?: string }) => {
    const client = await shell.connect();
    const { from, to } = options;
    const partitions = await allPages((page) => {
      const params = { path: { set }, query: { ...page, from, to } };
      return answer(client.GET('/v1/feature-sets/{set}/partitions', { params }));
    });
    const rows = partitions.map((one) => [one.dt, one.revision, one.rows, one.built_at]);
    print(shell, options, { partitions }, table(['date', 'revision', 'rows', 'built'], rows));
  });

  common(
    program
      .command('deployments')
      .argument('<model>')
      .option(...SET_OPTION)
      .description('list the deployments of a pair by number'),
    'deployments my_model',
  ).action(async (model: string, options: PairOptions) => {
    const client = await shell.connect();
    const path = await pairOf(client, model, options.featureSet);
    const deployments = await allPages((query) =>
      answer(client.GET('/v1/pairs/{model}/{set}/deployments', { params: { path, query } })),
    );
    const rows = deployments.map((one) => [
      one.deployment,
      one.version,
      one.status,
      one.live_from ?? one.live_at,
      one.live_until,
      one.requested_by,
    ]);
    const header = ['deployment', 'version', 'status', 'live from', 'until', 'by'];
    print(shell, options, { deployments }, table(header, rows));
  });

  common(
    program
      .command('pair')
      .argument('<model>')
      .option(...SET_OPTION)
      .description('show the state of a pair: live version, scheduled deployments, rollback target'),
    'pair my_model',
  ).action(async (model: string, options: PairOptions) => {
    const client = await shell.connect();
    const path = await pairOf(client, model, options.featureSet);
    const state = await answer(client.GET('/v1/pairs/{model}/{set}', { params: { path } }));
    const { live } = state;
    const since = live === null ? 'none' : `version ${live.version} since ${live.live_from}`;
    const text = facts([
      ['pair', `${path.model}/${path.set}`],
      ['live', since],
      ['last version', state.last_version],
      ['rollback target', state.rollback_target ?? 'none'],
      ['dossier', `${state.dossier.count} entries, ${state.dossier.copied} copied`],
    ]);
    const rows = [
      ...state.to_deploy.map((one) => ['', one.version, 'as soon as it is scheduled']),
      ...state.scheduled.map((one) => [one.deployment, one.version, one.live_at]),
    ];
    const scheduled = table(['scheduled deployment', 'version', 'goes live'], rows);
    const failing = state.failing.length === 0 ? '' : failingTable([state]);
    print(shell, options, state, `${text}${scheduled}${failing}`);
  });
}

function documentListing(
  program: Command,
  shell: Shell,
  name: 'models' | 'feature-sets',
  kind: 'Model' | 'FeatureSet',
): void {
  const what = name.replace('-', ' ');
  common(
    program.command(name).description(`list the applied ${what} and who changed each last`),
    name,
  ).action(async (options: CommonOptions) => {
    const client = await shell.connect();
    const documents = await allPages((query) => answer(client.GET('/v1/configs', { params: { query } })));
    const listed = documents.filter((one) => one.kind === kind);
    const rows = listed.map((one) => [one.name, one.author, one.digest]);
    print(shell, options, { [name]: listed }, table(['name', 'changed by', 'digest'], rows));
  });
}
