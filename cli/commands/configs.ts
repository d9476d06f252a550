import type { Command } from 'commander';
import { loadConfigs } from '#configs/load.ts';
import { readConfigFolder } from '#configs/read-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { facts, table } from '../print.ts';
import { common, print, type CommonOptions, type Shell } from '../shell.ts';

interface Plan {
  readonly base_digest: string;
  readonly revision: number;
  readonly documents: {
    readonly created: readonly string[];
    readonly changed: readonly { readonly key: string; readonly paths: readonly string[] }[];
    readonly unchanged: readonly string[];
  };
  readonly partitions: readonly {
    readonly feature_set: string;
    readonly count: number;
    readonly first: string;
    readonly last: string;
    readonly because: string;
  }[];
  readonly models: readonly {
    readonly model: string;
    readonly feature_set: string;
    readonly because: string;
  }[];
  readonly live_pairs: readonly {
    readonly model: string;
    readonly feature_set: string;
    readonly version: number;
    readonly because: readonly string[];
  }[];
}

interface Applied {
  readonly base_digest: string;
  readonly revision: number;
  readonly created: readonly string[];
  readonly changed: readonly string[];
}

export function configCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('validate')
      .argument('<dir>', 'folder with YAML and SQL')
      .description('check configs by themselves, without the API; lists every problem at its place'),
    'validate my-configs',
  ).action(async (dir: string, options: CommonOptions) => {
    const { declared, problems } = loadConfigs(await readConfigFolder(dir));
    if (problems.length > 0) {
      const count = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
      const remedy = 'Correct each place listed.';
      throw new CliFailure('CONFIG_INVALID', `${count} in ${dir}`, { exit: EXIT.badInput, problems, remedy });
    }
    const documents = declared.map(({ kind, name }) => `${kind}/${name}`);
    print(shell, options, { valid: true, documents }, `${documents.length} documents are valid\n`);
  });

  common(
    program
      .command('plan')
      .argument('<dir>', 'folder with YAML and SQL')
      .description('say what applying the configs would mean; changes nothing'),
    'plan my-configs',
  ).action(async (dir: string, options: CommonOptions) => {
    const plan = await planOf(shell, dir);
    print(shell, options, plan, planText(plan));
  });

  common(
    program
      .command('apply')
      .argument('<dir>', 'folder with YAML and SQL')
      .option(
        '--base <digest>',
        'apply the plan that was made on this base, and refuse when the world has moved',
      )
      .description('make the configs current, all or none; starts nothing'),
    'apply my-configs',
  ).action(async (dir: string, options: CommonOptions & { base?: string }) => {
    const client = await shell.connect();
    const files = await readConfigFolder(dir);
    let { base: base_digest } = options;
    if (base_digest === undefined) {
      const plan = await client.post<Plan>('/v1/configs/plan', { files });
      shell.terminal.err(planText(plan));
      base_digest = plan.base_digest;
    }
    const applied = await client.post<Applied>('/v1/configs/apply', { files, base_digest });
    print(shell, options, applied, appliedText(applied));
  });
}

async function planOf(shell: Shell, dir: string): Promise<Plan> {
  const files = await readConfigFolder(dir);
  return (await shell.connect()).post('/v1/configs/plan', { files });
}

function planText({ base_digest, revision, documents, partitions, models, live_pairs }: Plan): string {
  const changes = [
    ...documents.created.map((key) => `  + ${key}\n`),
    ...documents.changed.map(({ key, paths }) => `  ~ ${key}: ${paths.join(', ')}\n`),
  ];
  return [
    facts([
      ['base', `${base_digest} (revision ${revision})`],
      ['documents', `${documents.created.length} new, ${documents.changed.length} changed`],
    ]),
    ...changes,
    table(
      ['partitions of', 'dates', 'from', 'to', 'because'],
      partitions.map((one) => [one.feature_set, one.count, one.first, one.last, one.because]),
    ),
    table(
      ['retrain', 'on', 'because'],
      models.map((one) => [one.model, one.feature_set, one.because]),
    ),
    table(
      ['live now', 'version', 'touched because'],
      live_pairs.map((one) => [`${one.model}/${one.feature_set}`, one.version, one.because.join(', ')]),
    ),
  ].join('');
}

function appliedText({ created, changed, base_digest, revision }: Applied): string {
  if (created.length + changed.length === 0) return `nothing to apply; revision ${revision} holds\n`;
  return `applied revision ${revision} (${base_digest}): ${created.length} new, ${changed.length} changed\n`;
}
