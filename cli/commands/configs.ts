import type { Command } from 'commander';
import type { ConfigFile } from '#configs/load.ts';
import { answer, type Client, type PostAnswer } from '#client/client.ts';
import { CliFailure } from '../failure.ts';
import { facts, table } from '../print.ts';
import { common, print, type CommonOptions, type Shell } from '../shell.ts';

type Plan = PostAnswer<'/v1/configs/plan'>;
type Applied = PostAnswer<'/v1/configs/apply'>;

export function configCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('validate')
      .argument('<dir>', 'folder with YAML and SQL')
      .description('check configs without calling the API; list every problem with file, line and column'),
    'validate my-configs',
  ).action(async (dir: string, options: CommonOptions) => {
    // Only this command loads it, so that the others start fast.
    const { loadConfigs } = await import('#configs/load.ts');
    const { readTestFiles } = await import('#configs/read-folder.ts');
    const { loadFeatureTests } = await import('#configs/feature-tests/load.ts');
    const { declared, documents: all, problems: found } = loadConfigs(await readFolder(dir));
    const problems = found.length > 0 ? found : loadFeatureTests(await readTestFiles(dir), all).problems;
    if (problems.length > 0) {
      const count = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
      const remedy = 'Correct each place listed.';
      throw new CliFailure('CONFIG_INVALID', `${dir} holds ${count}.`, { problems, remedy });
    }
    const documents = declared.map(({ kind, name }) => `${kind}/${name}`);
    print(shell, options, { valid: true, documents }, `${documents.length} documents are valid\n`);
  });

  common(
    program
      .command('plan')
      .argument('<dir>', 'folder with YAML and SQL')
      .option('--remove <key...>', 'also remove these applied documents, such as Model/churn')
      .option('--prune', 'also remove every document of your teams that the folder does not declare')
      .description('show what applying the configs would change; changes nothing'),
    'plan my-configs',
  ).action(async (dir: string, options: CommonOptions & Removal) => {
    const plan = await planOf(await shell.connect(), await requestOf(dir, options));
    print(shell, options, plan, planText(plan));
    if (changes(plan) > 0)
      shell.terminal.err(
        `to apply this plan: millrace apply ${dir} --plan ${plan.plan_digest}${flagsOf(options)}\n`,
      );
  });

  common(
    program
      .command('apply')
      .argument('<dir>', 'folder with YAML and SQL')
      .option('--plan <digest>', 'apply exactly this plan; without it, plan and apply at once')
      .option('--remove <key...>', 'also remove these applied documents, such as Model/churn')
      .option('--prune', 'also remove every document of your teams that the folder does not declare')
      .description('make the configs current, all of them or none; starts no workflow'),
    'apply my-configs --prune',
  ).action(async (dir: string, options: CommonOptions & Removal & { plan?: string }) => {
    const client = await shell.connect();
    const request = await requestOf(dir, options);
    let { plan: plan_digest } = options;
    if (plan_digest === undefined) {
      const plan = await planOf(client, request);
      shell.terminal.err(plannedText(plan));
      plan_digest = plan.plan_digest;
    }
    const applied = await answer(client.POST('/v1/configs/apply', { body: { ...request, plan_digest } }));
    print(shell, options, applied, appliedText(applied));
  });
}

async function readFolder(dir: string): Promise<readonly ConfigFile[]> {
  const { readConfigFolder } = await import('#configs/read-folder.ts');
  return readConfigFolder(dir);
}

interface Removal {
  readonly remove?: string[];
  readonly prune?: boolean;
}

async function requestOf(dir: string, { remove, prune }: Removal) {
  return { files: [...(await readFolder(dir))], ...(remove && { remove }), ...(prune && { prune }) };
}

function flagsOf({ remove = [], prune = false }: Removal): string {
  return `${prune ? ' --prune' : ''}${remove.length > 0 ? ` --remove ${remove.join(' ')}` : ''}`;
}

function planOf(client: Client, body: Awaited<ReturnType<typeof requestOf>>): Promise<Plan> {
  return answer(client.POST('/v1/configs/plan', { body }));
}

function changes({ documents: { created, changed, removed } }: Plan): number {
  return created.length + changed.length + removed.length;
}

/** One summary line for `apply`, and every live pair that changes. The full plan is not repeated. */
function plannedText(plan: Plan): string {
  const { documents, partitions, models, live_pairs } = plan;
  if (changes(plan) === 0) return '';
  const dates = partitions.reduce((sum, { count }) => sum + count, 0);
  return [
    `${documents.created.length} new and ${documents.changed.length} changed documents`,
    documents.removed.length === 0 ? ': ' : `, ${documents.removed.join(', ')} removed: `,
    `${dates} partitions to build, ${models.length} models to retrain (millrace plan shows each)\n`,
    livePairsText(live_pairs),
  ].join('');
}

function livePairsText(pairs: Plan['live_pairs']): string {
  return table(
    ['live now', 'version', 'touched because'],
    pairs.map((one) => [`${one.model}/${one.feature_set}`, one.version, one.because.join(', ')]),
  );
}

function planText(plan: Plan): string {
  const { plan_digest, base_digest, revision, documents, partitions, models, live_pairs } = plan;
  const { owners, estimate } = plan;
  const changed = [
    ...documents.created.map((key) => `  + ${key}\n`),
    ...documents.changed.map(({ key, paths }) => `  ~ ${key}: ${paths.join(', ')}\n`),
    ...documents.removed.map((key) => `  - ${key}\n`),
  ];
  return [
    facts([
      ['plan', plan_digest],
      ['base', `${base_digest} (revision ${revision})`],
      ['documents', countsOf({ ...documents, changed: documents.changed.map(({ key }) => key) })],
    ]),
    ...changed,
    table(
      ['partitions of', 'dates', 'from', 'to', 'size', 'because'],
      partitions.map((one) => [
        one.feature_set,
        one.count,
        one.first,
        one.last,
        sizeText(one.bytes),
        one.because,
      ]),
    ),
    table(
      ['retrain', 'on', 'because'],
      models.map((one) => [one.model, one.feature_set, one.because]),
    ),
    livePairsText(live_pairs),
    table(
      ['needs team', 'because of'],
      [...ownersByTeam(owners)].map(([team, keys]) => [team, keys.join(', ')]),
    ),
    estimateText(estimate),
  ].join('');
}

function ownersByTeam(owners: Plan['owners']): ReadonlyMap<string, readonly string[]> {
  const teams = new Map<string, string[]>();
  for (const { team, document } of owners) teams.set(team, [...(teams.get(team) ?? []), document]);
  return teams;
}

function sizeText(bytes: number | null): string {
  if (bytes === null) return 'unknown';
  return `about ${bytes < 1_048_576 ? `${Math.ceil(bytes / 1_024)} KiB` : `${Math.round(bytes / 1_048_576)} MiB`}`;
}

/** Nothing if the plan brings no work. */
function estimateText({ seconds, past_runs: runs, unknown }: Plan['estimate']): string {
  if (runs === 0 && unknown.length === 0) return '';
  const known =
    runs === 0 ? [] : [`about ${Math.ceil(seconds)} s one after the other, from ${runs} past runs`];
  const rest = unknown.length === 0 ? [] : [`unknown: ${unknown.join(', ')}`];
  return facts([['estimate', [...known, ...rest].join('; ')]]);
}

function appliedText({ base_digest, revision, ...keys }: Applied): string {
  if (keys.created.length + keys.changed.length + keys.removed.length === 0)
    return `nothing to apply; revision ${revision} is current\n`;
  return `applied revision ${revision} (${base_digest}): ${countsOf(keys)}\n`;
}

function countsOf({ created, changed, removed }: Pick<Applied, 'created' | 'changed' | 'removed'>): string {
  const gone = removed.length === 0 ? '' : `, ${removed.length} removed`;
  return `${created.length} new, ${changed.length} changed${gone}`;
}
