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
    const { declared, problems } = loadConfigs(await readFolder(dir));
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
      .description('show what applying the configs would change; changes nothing'),
    'plan my-configs',
  ).action(async (dir: string, options: CommonOptions) => {
    const plan = await planOf(await shell.connect(), await readFolder(dir));
    print(shell, options, plan, planText(plan));
    if (changes(plan) > 0)
      shell.terminal.err(`to apply this plan: millrace apply ${dir} --plan ${plan.plan_digest}\n`);
  });

  common(
    program
      .command('apply')
      .argument('<dir>', 'folder with YAML and SQL')
      .option('--plan <digest>', 'apply exactly this plan; without it, plan and apply at once')
      .description('make the configs current, all of them or none; starts no workflow'),
    'apply my-configs',
  ).action(async (dir: string, options: CommonOptions & { plan?: string }) => {
    const client = await shell.connect();
    const files = await readFolder(dir);
    let { plan: plan_digest } = options;
    if (plan_digest === undefined) {
      const plan = await planOf(client, files);
      shell.terminal.err(plannedText(plan));
      plan_digest = plan.plan_digest;
    }
    const applied = await answer(
      client.POST('/v1/configs/apply', { body: { files: [...files], plan_digest } }),
    );
    print(shell, options, applied, appliedText(applied));
  });
}

async function readFolder(dir: string): Promise<readonly ConfigFile[]> {
  const { readConfigFolder } = await import('#configs/read-folder.ts');
  return readConfigFolder(dir);
}

function planOf(client: Client, files: readonly ConfigFile[]): Promise<Plan> {
  return answer(client.POST('/v1/configs/plan', { body: { files: [...files] } }));
}

function changes({ documents }: Plan): number {
  return documents.created.length + documents.changed.length;
}

/** One summary line for `apply`, and every live pair that changes. The full plan is not repeated. */
function plannedText(plan: Plan): string {
  const { documents, partitions, models, live_pairs } = plan;
  if (changes(plan) === 0) return '';
  const dates = partitions.reduce((sum, { count }) => sum + count, 0);
  return [
    `${documents.created.length} new and ${documents.changed.length} changed documents: `,
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

function planText({
  plan_digest,
  base_digest,
  revision,
  documents,
  partitions,
  models,
  live_pairs,
}: Plan): string {
  const changed = [
    ...documents.created.map((key) => `  + ${key}\n`),
    ...documents.changed.map(({ key, paths }) => `  ~ ${key}: ${paths.join(', ')}\n`),
  ];
  return [
    facts([
      ['plan', plan_digest],
      ['base', `${base_digest} (revision ${revision})`],
      ['documents', `${documents.created.length} new, ${documents.changed.length} changed`],
    ]),
    ...changed,
    table(
      ['partitions of', 'dates', 'from', 'to', 'because'],
      partitions.map((one) => [one.feature_set, one.count, one.first, one.last, one.because]),
    ),
    table(
      ['retrain', 'on', 'because'],
      models.map((one) => [one.model, one.feature_set, one.because]),
    ),
    livePairsText(live_pairs),
  ].join('');
}

function appliedText({ created, changed, base_digest, revision }: Applied): string {
  if (created.length + changed.length === 0) return `nothing to apply; revision ${revision} is current\n`;
  return `applied revision ${revision} (${base_digest}): ${created.length} new, ${changed.length} changed\n`;
}
