import { randomUUID } from 'node:crypto';
import { BatchWriteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { sha256Hex } from '#configs/canonical.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { TableHandle } from '#platform/table/table.ts';
import type { Registry } from '#registry/registry.ts';
import { trainingId } from '#training/digest.ts';
import { trainingPrefix, type TrainingRecord } from '#training/record.ts';

type Registration = Parameters<Registry['registerVersion']>[0];

const METRICS = [
  'auc',
  'gini',
  'ks',
  'brier',
  'log_loss',
  'precision',
  'recall',
  'f1',
  'accuracy',
  'base_rate',
];

/** Writes what a training leaves behind (small files), and gives the command that registers it. */
export async function registration(objects: ObjectStore, pair: Pair): Promise<Registration> {
  const as_of = '2026-01-01';
  const training_digest = sha256Hex(randomUUID()).slice(0, 32);
  const training_id = trainingId({ training_digest, as_of });
  const prefix = trainingPrefix(pair, training_id);
  const model = await objects.put(`${prefix}attempt=1/model.onnx`, `model of ${training_id}`);
  const digest = 'd'.repeat(32);
  const training: TrainingRecord = {
    ...pair,
    training_id,
    training_digest,
    as_of,
    requested_by: 'bench',
    definition_digest: digest,
    config_digest: digest,
    configs: digest,
    partitions: [{ feature_set: pair.feature_set, definition_digest: digest, dt: as_of, revision: 1 }],
    artifacts: [{ name: 'model.onnx', key: model.key, size: model.size, sha256: model.sha256 }],
    metrics: Object.fromEntries(METRICS.map((name, index) => [name, index / 10])),
    gates: [{ gate: 'auc', value: 0.76, min: 0.7, passed: true }],
    engine: 'onnx',
    cut_off: 0.35,
    rows: { train: 700, test: 300 },
    build: {
      trainer_digest: 't'.repeat(64),
      lock_digest: 'l'.repeat(64),
      code_commit: 'unknown',
      seed: 7,
      workflow_id: `train/${training_id}`,
      run_id: 'run',
      job_key: 'job',
    },
  };
  const [manifest, card] = await Promise.all([
    objects.put(`${prefix}manifest.json`, JSON.stringify(training)),
    objects.put(`cards/${sha256Hex('{}')}.json`, '{}'),
  ]);
  return {
    pair,
    authorship: { authors: ['bench'], authors_since: null, approval_tier: 'low' },
    riskTier: 'low',
    training,
    manifest: { key: manifest.key, sha256: manifest.sha256 },
    card: { key: card.key, sha256: card.sha256, missing: [] },
    commandId: `register/${training_id}`,
    workflow: { id: `register/${training_id}`, runId: 'run' },
  };
}

type Item = Record<string, unknown>;

const BATCH = 25;
const AT_ONCE = 8;

/** Gives a pair with version 1 as many versions as `last`, by copying its items in the table. */
export async function copyVersions(table: TableHandle, pair: Pair, last: number): Promise<void> {
  const pk = `pair#${pairKey(pair)}`;
  const keys = ['version', 'stage'].map((kind) => ({ pk, sk: `${kind}#${padded(1)}` }));
  const found = await Promise.all(
    keys.map((Key) => table.client.send(new GetCommand({ TableName: table.name, Key }))),
  );
  const firsts = found.flatMap(({ Item }) => (Item === undefined ? [] : [Item]));
  const copies = Array.from({ length: last - 1 }, (_, index) => index + 2).flatMap((number) =>
    firsts.map((item) => copyOf(item, number)),
  );
  const batches = Array.from({ length: Math.ceil(copies.length / BATCH) }, (_, index) =>
    copies.slice(index * BATCH, (index + 1) * BATCH),
  );
  const writer = async (): Promise<void> => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) await write(table, batch);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, writer));
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: { pk, sk: 'head' },
      UpdateExpression: 'SET #state.last_version = :last',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':last': last },
    }),
  );
}

async function write(table: TableHandle, items: readonly Item[]): Promise<void> {
  let left: Record<string, unknown> | undefined;
  let requests = items.map((Item) => ({ PutRequest: { Item } }));
  do {
    const answer = await table.client.send(
      new BatchWriteCommand({ RequestItems: { [table.name]: requests } }),
    );
    left = answer.UnprocessedItems;
    requests = (answer.UnprocessedItems?.[table.name] ?? []) as typeof requests;
  } while (left !== undefined && requests.length > 0);
}

function copyOf(item: Item, version: number): Item {
  const { sk, body, gsi2sk } = item;
  const renamed = (key: unknown) => String(key).replace(padded(1), padded(version));
  return {
    ...item,
    sk: renamed(sk),
    version,
    ...(body === undefined ? {} : { body: { ...(body as Item), version } }),
    ...(gsi2sk === undefined ? {} : { gsi2sk: renamed(gsi2sk) }),
  };
}

function padded(version: number): string {
  return String(version).padStart(8, '0');
}
