import type { Command } from 'commander';
import { answer, type Client, type GetAnswer } from '#client/client.ts';
import { CliFailure } from '../failure.ts';
import { pairOf, SET_OPTION, type PairNames } from '../pair.ts';
import { common, print, wholeNumber, type CommonOptions, type Shell } from '../shell.ts';
import { startAndShow } from './runs.ts';

interface PairOptions extends CommonOptions {
  readonly featureSet?: string;
}

interface DeployOptions extends PairOptions {
  readonly goLive?: string;
  readonly replaces?: number;
  readonly beside?: boolean;
  readonly detach?: boolean;
}

interface RollbackOptions extends PairOptions {
  readonly to?: number;
  readonly from?: number;
  readonly reason?: string;
}

type Live = NonNullable<GetAnswer<'/v1/pairs/{model}/{set}'>['live']>;

const REASON = ['--reason <text>', 'reason, kept in the dossier'] as const;

/** Commands about what is live: deploying, rolling back, and taking out. */
export function deploymentCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('deploy')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .option('--go-live <when>', 'when to go live: next_day, or a delay such as 2s or 12h')
      .option('--replaces <deployment>', 'cancel this scheduled deployment in the same step', wholeNumber)
      .option('--beside', 'keep deployments that are scheduled already')
      .option('--detach', 'return at once; `millrace status <id>` shows the outcome')
      .option(...SET_OPTION)
      .description('deploy an approved version'),
    'deploy my_model 1 --go-live 2s',
  ).action(async (model: string, version: number, options: DeployOptions) => {
    const { goLive, replaces, beside } = options;
    const go_live = goLive === undefined || goLive === 'next_day' ? goLive : { after: goLive };
    await startAndShow(shell, options, `deploy ${model} version ${version}`, async (client) => {
      const params = { path: { ...(await pairOf(client, model, options.featureSet)), version } };
      const path = '/v1/pairs/{model}/{set}/versions/{version}/deploy';
      return answer(client.POST(path, { params, body: { go_live, replaces, beside } }));
    });
  });

  common(
    program
      .command('rollback')
      .argument('<model>')
      .option('--to <version>', 'version to roll back to (default: the previous live version)', wholeNumber)
      .option(
        '--from <deployment>',
        'live deployment to leave (default: the one that is live now)',
        wholeNumber,
      )
      .option(...REASON)
      .option(...SET_OPTION)
      .description('make an earlier version live again immediately'),
    'rollback my_model --reason "Version 2 declines too many."',
  ).action(async (model: string, options: RollbackOptions) => {
    const client = await shell.connect();
    const path = await pairOf(client, model, options.featureSet);
    const from_deployment = options.from ?? (await showLive(shell, options, client, path)).deployment;
    const body = { from_deployment, to_version: options.to, reason: options.reason };
    const done = await answer(client.POST('/v1/pairs/{model}/{set}/rollback', { params: { path }, body }));
    const cancelled =
      done.cancelled.length === 0 ? '' : `; cancelled deployments of it: ${done.cancelled.join(', ')}`;
    print(
      shell,
      options,
      done,
      `version ${done.version} is live since ${done.live_from} (deployment ${done.deployment}); version ${done.left_version} is archived${cancelled}\n`,
    );
  });

  common(
    program
      .command('cancel-deployment')
      .argument('<model>')
      .argument('<deployment>', 'number of a scheduled deployment', wholeNumber)
      .requiredOption(...REASON)
      .option(...SET_OPTION)
      .description('cancel a scheduled deployment'),
    'cancel-deployment my_model 3 --reason "Wrong schedule."',
  ).action(async (model: string, deployment: number, options: PairOptions & { reason: string }) => {
    const client = await shell.connect();
    const params = { path: { ...(await pairOf(client, model, options.featureSet)), deployment } };
    const path = '/v1/pairs/{model}/{set}/deployments/{deployment}/cancel';
    const done = await answer(client.POST(path, { params, body: { reason: options.reason } }));
    print(
      shell,
      options,
      done,
      `deployment ${done.deployment} of version ${done.version} is ${done.status}\n`,
    );
  });

  common(
    program
      .command('archive')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .requiredOption(...REASON)
      .option(...SET_OPTION)
      .description('archive a version; a live version goes offline'),
    'archive my_model 1 --reason "Replaced by version 2."',
  ).action(async (model: string, version: number, options: PairOptions & { reason: string }) => {
    const client = await shell.connect();
    const params = { path: { ...(await pairOf(client, model, options.featureSet)), version } };
    const path = '/v1/pairs/{model}/{set}/versions/{version}/archive';
    const stage = await answer(client.POST(path, { params, body: { reason: options.reason } }));
    print(shell, options, stage, `version ${stage.version} is ${stage.stage}\n`);
  });

  common(
    program
      .command('withdraw')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .requiredOption(...REASON)
      .option(...SET_OPTION)
      .description('ban a version for good; a live version goes offline'),
    'withdraw my_model 2 --reason "Trained on wrong labels."',
  ).action(async (model: string, version: number, options: PairOptions & { reason: string }) => {
    const client = await shell.connect();
    const params = { path: { ...(await pairOf(client, model, options.featureSet)), version } };
    const path = '/v1/pairs/{model}/{set}/versions/{version}/withdraw';
    const stage = await answer(client.POST(path, { params, body: { reason: options.reason } }));
    print(shell, options, stage, `version ${stage.version} is ${stage.stage}\n`);
  });
}

/** What is live, shown before it is left. */
async function showLive(
  { terminal }: Shell,
  { json }: CommonOptions,
  client: Client,
  path: PairNames,
): Promise<Live> {
  const { live } = await answer(client.GET('/v1/pairs/{model}/{set}', { params: { path } }));
  if (live === null)
    throw new CliFailure(
      'ROLLBACK_TARGET_MISSING',
      `No version of ${path.model} is live, so there is nothing to leave.`,
    );
  if (json !== true)
    terminal.err(
      `leaving version ${live.version}, live since ${live.live_from} (deployment ${live.deployment})\n`,
    );
  return live;
}
