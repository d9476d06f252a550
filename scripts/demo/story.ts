import type { ErrorCode } from '#errors/catalogue.ts';
import { loadDataSet } from '#local/load-data-set.ts';
import type { Platform } from '#local/platform.ts';
import { answer, createClient, type Client } from '#client/client.ts';
import { ApiFailure } from '#client/failure.ts';
import type { ApiKey } from '#client/api-types.ts';
import type { ConfigFile } from '#configs/load.ts';
import type { Example } from './example.ts';
import { finish, poll, stillFine } from './runs.ts';
import type { Step, StepResult } from './step.ts';

export interface StoryDeps {
  readonly platform: Platform;
  readonly example: Example;
  /** The result of a step of an earlier, interrupted demo. */
  readonly result: <T>(step: string) => T | undefined;
}

interface Keys {
  readonly scientist: string;
  readonly approver: string;
}

/** One model's life, from raw data to an archived version. Every step uses the API and is idempotent. */
export function storyOf({ platform, example, result }: StoryDeps): readonly Step[] {
  const { model, set, from, to, asOf } = example;
  const pair = { model, set };
  const admin = createClient(platform.api, platform.adminKey);
  const keys = (): Keys => result<StepResult & Keys>('people') ?? missing('people');
  // Their keys exist from the second step on.
  const ana = (): Client => createClient(platform.api, keys().scientist);
  const ben = (): Client => createClient(platform.api, keys().approver);
  const versionOf = (version: number) =>
    answer(
      ana().GET('/v1/pairs/{model}/{set}/versions/{version}', { params: { path: { ...pair, version } } }),
    );

  return [
    step('data', 'Put the raw tables into the lake', async () => {
      const files = await loadDataSet(platform.env, 'credit-card');
      return { says: `${files} Parquet files under raw/` };
    }),
    step('people', 'Make keys for a scientist and an approver', async () => {
      const scientist = await makeKey(admin, 'ana', ['scientist', 'operator'], example.teams);
      const approver = await makeKey(admin, 'ben', ['approver'], example.teams);
      return { says: 'ana may train and deploy, ben may approve', scientist, approver };
    }),
    step('apply', 'Plan and apply the configs', () => planAndApply(ana(), example.files)),
    step('materialise', 'Materialise the partitions', () =>
      finish(
        ana(),
        answer(
          ana().POST('/v1/feature-sets/{set}/partitions', { params: { path: { set } }, body: { from, to } }),
        ),
        (built) => `${built.length} partitions, ${from} to ${to}`,
      ),
    ),
    ...life(1),
    step('challenge', 'Apply other parameters', () => planAndApply(ana(), example.challenger)),
    ...life(2),
    step('archived', 'Version 1 is archived by itself', async () => {
      const { stage } = await poll(
        () => versionOf(1),
        (version) => version.stage === 'archived',
      );
      return { says: `version 1 is ${stage}` };
    }),
    step('read-back', 'Read back registry, lineage, card, dossier and scores', () =>
      readBack(ana(), example),
    ),
  ];

  /** Train, approve, go live, score: the same for each version. */
  function life(version: number): readonly Step[] {
    return [
      step(`train-${version}`, `Train and register version ${version}`, async () => {
        const { workflow_id } = await answer(
          ana().POST('/v1/models/{model}/lifecycles', { params: { path: { model } }, body: { as_of: asOf } }),
        );
        const found = await poll(
          () => versionOf(version).catch(absent),
          (registered) => registered !== undefined,
          async () => void (await stillFine(ana(), workflow_id)),
        );
        const auc = found?.metrics['auc'] ?? Number.NaN;
        return { workflow_id, says: `AUC ${auc.toFixed(4)} on customers never seen` };
      }),
      step(`approve-${version}`, `Approve version ${version} as somebody else`, async () => {
        const { evidence } = await versionOf(version);
        await answer(
          ben().POST('/v1/pairs/{model}/{set}/versions/{version}/approve', {
            params: { path: { ...pair, version } },
            body: { reason: 'Gates passed, card read.', evidence },
          }),
        );
        return { says: 'ben approves what ana made' };
      }),
      step(`live-${version}`, `Version ${version} goes live`, async () => {
        const { workflow_id } = result<StepResult>(`train-${version}`) ?? missing(`train-${version}`);
        await poll(
          () => versionOf(version),
          ({ stage }) => stage === 'live',
          async () => void (await stillFine(ana(), workflow_id ?? '')),
        );
        const spec = await poll(
          () =>
            answer(ana().GET('/v1/pairs/{model}/{set}/dag-spec', { params: { path: pair } })).catch(absent),
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
        finish(
          ana(),
          answer(
            ana().POST('/v1/pairs/{model}/{set}/scores', {
              params: { path: pair },
              body: { score_date: to },
            }),
          ),
          ([scores]) => {
            const { rows, declined } = scores as { rows: number; declined: number };
            return `${rows} rows, ${declined} declined with reasons`;
          },
        ),
      ),
    ];
  }
}

function step(name: string, title: string, run: () => Promise<StepResult>): Step {
  return { name, title, run };
}

async function makeKey(
  admin: Client,
  name: string,
  roles: ApiKey['roles'],
  teams: readonly string[],
): Promise<string> {
  return (await answer(admin.POST('/v1/keys', { body: { name, roles, teams: [...teams] } }))).key;
}

async function planAndApply(client: Client, files: readonly ConfigFile[]): Promise<StepResult> {
  const body = { files: [...files] };
  const plan = await answer(client.POST('/v1/configs/plan', { body }));
  await answer(client.POST('/v1/configs/apply', { body: { ...body, plan_digest: plan.plan_digest } }));
  const { documents, partitions, models } = plan;
  const dates = partitions.reduce((sum, { count }) => sum + count, 0);
  return {
    says: `${documents.created.length} new and ${documents.changed.length} changed documents: ${dates} partitions to build, ${models.length} model to train`,
  };
}

async function readBack(client: Client, { model, set, to }: Example): Promise<StepResult> {
  const pair = { model, set };
  const [lineage, card, dossier, scores] = await Promise.all([
    answer(client.GET('/v1/feature-sets/{set}/lineage', { params: { path: { set } } })),
    answer(
      client.GET('/v1/pairs/{model}/{set}/versions/{version}/card', {
        params: { path: { ...pair, version: 2 } },
        parseAs: 'text',
      }),
    ),
    answer(client.GET('/v1/pairs/{model}/{set}/dossier/verify', { params: { path: pair } })),
    answer(
      client.GET('/v1/pairs/{model}/{set}/scores/{score_date}', {
        params: { path: { ...pair, score_date: to } },
      }),
    ),
  ]);
  if (!dossier.verified) throw new Error(`The dossier does not verify: ${JSON.stringify(dossier)}`);
  if (scores.version !== 2) throw new Error(`The newest scores are of version ${scores.version}, not 2.`);
  return {
    says: `lineage of ${lineage.lineage.length} features, card of version ${(JSON.parse(card) as { identity: { version: number } }).identity.version}, ${dossier.entries} dossier entries verified`,
  };
}

const ABSENT = new Set<ErrorCode>(['VERSION_NOT_FOUND', 'PAIR_NOT_FOUND', 'DAG_SPEC_NOT_FOUND']);

function absent(error: unknown): undefined {
  if (error instanceof ApiFailure && ABSENT.has(error.code)) return undefined;
  throw error;
}

function missing(name: string): never {
  throw new Error(`The step "${name}" has not been done.`);
}
