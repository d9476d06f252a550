import { randomUUID } from 'node:crypto';
import { cardTextSchema } from '#configs/card-texts.ts';
import type { ConfigDocument } from '#configs/config-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import { trainingRequest } from '#training/request.ts';
import type { Pair } from '#configs/pair.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import type {
  LifecycleInput,
  LifecycleResult,
  RegisterInput,
  TrainInput,
  TrainingSummary,
} from '#workflows/contract/messages.ts';
import { accounts, defaultModel, defaults, featureSet, payments } from './feature-configs.ts';
import { putParquet } from './parquet.ts';
import { approval } from './registry.ts';
import { run, start, until, waitsOnTimer } from './runs.ts';
import type { Behaviour } from './small-trainer.ts';
import type { World } from './world.ts';

/** Principal of every apply, and so author of every version. */
export const AUTHOR = 'ada';

/** Labels of the partitions 2024-01-01 to 2024-04-01 are complete on this date. */
export const AS_OF = '2024-05-01';

const CARD = Object.fromEntries(Object.keys(cardTextSchema.shape).map((name) => [name, `the ${name}`]));

/** Twenty accounts with a payment and a label each month, and the feature set over them. */
export async function putLake(world: World): Promise<void> {
  const months = "generate_series(DATE '2024-01-05', DATE '2024-06-05', INTERVAL 1 MONTH)";
  await Promise.all([
    putParquet(
      world.objects,
      'raw/accounts/all.parquet',
      "SELECT id::BIGINT AS account, 100.0 * id AS credit, CASE id % 2 WHEN 0 THEN 'f' ELSE 'm' END AS sex, DATE '2023-12-01' AS loaded_at FROM range(1, 21) t(id)",
    ),
    putParquet(
      world.objects,
      'raw/payments/all.parquet',
      `SELECT id::BIGINT AS account, day::DATE AS paid_on, 10.0 * id AS amount, day::DATE AS loaded_at FROM range(1, 21) t(id), (SELECT unnest(${months}) AS day)`,
    ),
    putParquet(
      world.objects,
      'raw/defaults/all.parquet',
      `SELECT id::BIGINT AS account, day::DATE AS happened_on, (id % 3 = 0)::INTEGER AS defaulted, day::DATE AS loaded_at FROM range(1, 21) t(id), (SELECT unnest(${months}) AS day)`,
    ),
  ]);
  await applyDocuments(world, accounts, payments, defaults, featureSet());
}

export async function applyDocuments(world: World, ...documents: readonly ConfigDocument[]): Promise<string> {
  const { base_digest } = await world.configs.current();
  return (await world.configs.apply(documents, base_digest, AUTHOR, randomUUID())).base_digest;
}

/** A model nobody has used, whose training job does as told. */
export async function newModel(
  world: World,
  params: Behaviour = {},
  more: {
    readonly deploy?: Partial<ModelConfig['deploy']>;
    readonly label?: object;
    readonly memory?: string;
    readonly owner?: string;
    readonly set?: string;
  } = {},
): Promise<ModelConfig> {
  const base = defaultModel(more.label);
  const model = defaultModel(more.label, {
    ...(more.set === undefined ? {} : { feature_set: more.set }),
    ...(more.owner === undefined ? {} : { owner: more.owner }),
    name: `m${randomUUID().slice(0, 8)}`,
    params,
    card: CARD,
    resources: { cpu: 1, memory: more.memory ?? '512Mi', priority: 3 },
    deploy: { ...base.deploy, scheduler: 'airflow', ...more.deploy },
  });
  await applyDocuments(world, model);
  return model;
}

/** What the API would start a training of the model with; `env` is the API's environment. */
export async function trainInput(
  world: World,
  model: ModelConfig,
  asOf = AS_OF,
  env: World['env'] = world.env,
): Promise<TrainInput> {
  const { configs, base_digest } = await world.configs.current();
  const set = configs.featureSets.get(model.feature_set);
  if (set === undefined) throw new Error(`no feature set ${model.feature_set}`);
  const { key, partitions, parts } = await trainingRequest(world, {
    model,
    set,
    configs,
    as_of: asOf,
    env,
  });
  return { key, partitions, parts, configs: base_digest, requested_by: 'ana' };
}

/** Trains and registers a model by their workflows; its version is 1, and nobody has judged it. */
export async function registered(world: World, model: ModelConfig, asOf = AS_OF): Promise<Pair> {
  const input = await trainInput(world, model, asOf);
  const { manifest } = await run<TrainingSummary>(world, 'trainModel', input, workflowId.train(input.key));
  const register: RegisterInput = { key: input.key, configs: input.configs, manifest, requested_by: 'ana' };
  await run(world, 'registerModel', register, workflowId.register(input.key));
  return { model: model.name, feature_set: model.feature_set };
}

/** The same with an approval. */
export async function approved(world: World, model: ModelConfig): Promise<Pair> {
  const pair = await registered(world, model);
  await world.registry.judge(await approval(world.registry, pair, 1));
  return pair;
}

/** A lifecycle of a new model whose version 1 is registered and waits for its approval. */
export async function waitingLifecycle(world: World, more: Parameters<typeof newModel>[2] = {}) {
  const model = await newModel(world, {}, more);
  const input = await trainInput(world, model);
  const pair = { model: model.name, feature_set: model.feature_set };
  const lifecycle: LifecycleInput = { ...input, requested_by: 'ana' };
  const handle = await start(world, 'modelLifecycle', lifecycle, workflowId.lifecycle(input.key));
  await until(() => waitsOnTimer(handle), 'the version waits for approval', 90_000);
  const result = async () => (await handle.result()) as LifecycleResult;
  return { handle, pair, result };
}
