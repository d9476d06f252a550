import { loadDataSet } from '#local/load-data-set.ts';
import type { Platform } from '#local/platform.ts';
import { callAs, type Call } from './api.ts';
import type { Example } from './example.ts';
import { finish, poll, stillFine, type Run } from './runs.ts';

export interface StoryDeps {
  readonly platform: Platform;
  readonly example: Example;
  /** The result of a step of an earlier, interrupted demo. */
  readonly result: <T>(step: string) => T | undefined;
}

export interface StepResult {
  readonly workflow_id?: string;
  /** One line for people. */
  readonly says: string;
}

export interface Step {
  readonly name: string;
  readonly title: string;
  readonly run: () => Promise<StepResult>;
}

interface Keys {
  readonly scientist: string;
  readonly approver: string;
}

/** One model's life, from raw data to an archived version. Every step goes through the API, and may be done twice. */
export function storyOf({ platform, example, result }: StoryDeps): readonly Step[] {
  const { model, set, from, to, asOf } = example;
  const pair = `/v1/pairs/${model}/${set}`;
  const admin = callAs(platform.api, platform.adminKey);
  const keys = (): Keys => result<StepResult & Keys>('people') ?? missing('people');
  const ana: Call = (...args) => callAs(platform.api, keys().scientist)(...args);
  const ben: Call = (...args) => callAs(platform.api, keys().approver)(...args);

  return [
    step('data', 'Put the raw tables into the lake', async () => {
      const files = await loadDataSet(platform.env, 'credit-card');
      return { says: `${files} Parquet files under raw/` };
    }),
    step('people', 'Make keys for a scientist and an approver', async () => {
      const scientist = await makeKey(admin, 'ana', ['scientist', 'operator']);
      const approver = await makeKey(admin, 'ben', ['approver']);
      return { says: 'ana may train and deploy, ben may approve', scientist, approver };
    }),
    step('apply', 'Plan and apply the configs', () => planAndApply(ana, example.files)),
    step('materialise', 'Materialise the partitions', () =>
      finish(
        ana,
        ana('POST', `/v1/feature-sets/${set}/partitions`, { from, to }),
        (built) => `${built.length} partitions, ${from} to ${to}`,
      ),
    ),
    ...life(1),
    step('challenge', 'Apply other parameters', () => planAndApply(ana, example.challenger)),
    ...life(2),
    step('archived', 'Version 1 is archived by itself', async () => {
      const { stage } = await poll(
        () => ana<{ stage: string }>('GET', `${pair}/versions/1`),
        (version) => version.stage === 'archived',
      );
      return { says: `version 1 is ${stage}` };
    }),
    step('read-back', 'Read back registry, lineage, card, dossier and scores', () => readBack(ana, example)),
  ];

  /** Train, approve, go live, score: the same for each version. */
  function life(version: number): readonly Step[] {
    const start = (): Promise<Run> => ana('POST', `/v1/models/${model}/lifecycles`, { as_of: asOf });
    return [
      step(`train-${version}`, `Train and register version ${version}`, async () => {
        const { workflow_id } = await start();
        const found = await poll(
          () =>
            ana<{ items: { version: number; metrics: { auc: number } }[] }>('GET', `${pair}/versions`).catch(
              absent,
            ),
          (page) => page?.items.some((one) => one.version === version) === true,
          async () => void (await stillFine(ana, workflow_id)),
        );
        const auc = found?.items.find((one) => one.version === version)?.metrics.auc ?? Number.NaN;
        return { workflow_id, says: `AUC ${auc.toFixed(4)} on customers never seen` };
      }),
      step(`approve-${version}`, `Approve version ${version} as somebody else`, async () => {
        await ben('POST', `${pair}/versions/${version}/approve`, { reason: 'Gates passed, card read.' });
        return { says: 'ben approves what ana made' };
      }),
      step(`live-${version}`, `Version ${version} goes live`, async () => {
        const { workflow_id } = result<StepResult>(`train-${version}`) ?? missing(`train-${version}`);
        await poll(
          () => ana<{ stage: string }>('GET', `${pair}/versions/${version}`),
          ({ stage }) => stage === 'live',
          async () => void (await stillFine(ana, workflow_id ?? '')),
        );
        const spec = await poll(
          () => ana<{ content_hash: string; dag_id: string }>('GET', `${pair}/dag-spec`).catch(absent),
          (found) => found !== undefined,
        );
        const before = result<{ content_hash?: string }>('live-1')?.content_hash;
        const same =
          before === undefined ? 'written' : before === spec?.content_hash ? 'unchanged' : 'changed';
        return {
          ...(workflow_id === undefined ? {} : { workflow_id }),
          says: `live, DAG spec ${spec?.dag_id ?? ''} ${same}`,
          content_hash: spec?.content_hash,
        };
      }),
      step(`score-${version}`, `Score the newest partition with version ${version}`, () =>
        finish(ana, ana('POST', `${pair}/scores`, { score_date: to }), ([scores]) => {
          const { rows, declined } = scores as { rows: number; declined: number };
          return `${rows} rows, ${declined} declined with reasons`;
        }),
      ),
    ];
  }
}

function step(name: string, title: string, run: () => Promise<StepResult>): Step {
  return { name, title, run };
}

async function makeKey(admin: Call, name: string, roles: readonly string[]): Promise<string> {
  return (await admin<{ key: string }>('POST', '/v1/keys', { name, roles })).key;
}

async function planAndApply(call: Call, files: readonly unknown[]): Promise<StepResult> {
  const plan = await call<{
    base_digest: string;
    documents: { created: unknown[]; changed: unknown[] };
    partitions: { count: number }[];
    models: unknown[];
  }>('POST', '/v1/configs/plan', { files });
  await call('POST', '/v1/configs/apply', { files, base_digest: plan.base_digest });
  const { documents, partitions, models } = plan;
  const dates = partitions.reduce((sum, { count }) => sum + count, 0);
  return {
    says: `${documents.created.length} new and ${documents.changed.length} changed documents: ${dates} partitions to build, ${models.length} model to train`,
  };
}

async function readBack(call: Call, { model, set, to }: Example): Promise<StepResult> {
  const pair = `/v1/pairs/${model}/${set}`;
  const [lineage, card, dossier, scores] = await Promise.all([
    call<{ lineage: unknown[] }>('GET', `/v1/feature-sets/${set}/lineage`),
    call<{ identity: { version: number } }>('GET', `${pair}/versions/2/card`),
    call<{ verified: boolean; entries: number }>('GET', `${pair}/dossier/verify`),
    call<{ rows: number; version: number }>('GET', `${pair}/scores/${to}`),
  ]);
  if (!dossier.verified) throw new Error(`the dossier does not verify: ${JSON.stringify(dossier)}`);
  if (scores.version !== 2) throw new Error(`the newest scores are of version ${scores.version}, not 2`);
  return {
    says: `lineage of ${lineage.lineage.length} features, card of version ${card.identity.version}, ${dossier.entries} dossier entries verified`,
  };
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'problem' in error) {
    const { code } = error.problem as { code?: string };
    if (code?.endsWith('_NOT_FOUND') === true) return undefined;
  }
  throw error;
}

function missing(name: string): never {
  throw new Error(`the step "${name}" has not been done`);
}
