import { randomUUID } from 'node:crypto';
import { sha256Hex } from '#configs/canonical.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import type { RegisterVersion } from '#registry/commands/register-version.ts';
import type { Pair } from '#configs/pair.ts';
import { type ApprovalRule, type ApprovalRules, defaultPlatform } from '#configs/platform.ts';
import { evidenceDigest, evidenceOf } from '#registry/versions/judgement.ts';
import { trainingId } from '#training/digest.ts';
import type { GateVerdict, TrainingRecord } from '#training/record.ts';
import { trainingPrefix } from '#training/record.ts';
import type { DeployInput } from '#workflows/contract/messages.ts';
import { forThisFile, freshStores } from './stores.ts';

/** A clock that stands still until it is set. */
export interface Clock {
  /** UTC instant. */
  at: string;
  readonly now: () => Date;
}

export function clockAt(at: string): Clock {
  const clock = { at, now: () => new Date(clock.at) };
  return clock;
}

/** An empty registry on a table and a bucket of its own, kept for all tests of the calling file, with a clock to set. */
export async function withRegistry(at = '2026-01-01T02:00:00.000Z') {
  const stores = await forThisFile(freshStores());
  const clock = clockAt(at);
  return { ...stores, clock, registry: createRegistry(stores.table, stores.objects, clock) };
}

/** A pair that nobody has used, so that tests share a table without meeting. */
export function freshPair(): Pair {
  return { model: `m${randomUUID().slice(0, 8)}`, feature_set: 'behaviour' };
}

/** Writes what a training leaves behind, and gives the command that registers it. */
export async function trainedVersion(
  objects: ObjectStore,
  pair: Pair,
  options: {
    readonly gates?: readonly GateVerdict[];
    readonly missing?: readonly string[];
    readonly author?: string;
    readonly authors?: readonly string[];
    readonly tier?: RegisterVersion['riskTier'];
    /** Digest of the applied configs it was trained with. */
    readonly configs?: string;
    /** Default: one of its own. */
    readonly key?: { readonly training_digest: string; readonly as_of: string };
  } = {},
): Promise<RegisterVersion> {
  const training_digest = options.key?.training_digest ?? sha256Hex(randomUUID()).slice(0, 32);
  const as_of = options.key?.as_of ?? '2026-01-01';
  const training_id = trainingId({ training_digest, as_of });
  const prefix = trainingPrefix(pair, training_id);
  const model = await objects.put(`${prefix}attempt=1/model.onnx`, `model of ${training_id}`);
  const training: TrainingRecord = {
    ...pair,
    training_id,
    training_digest,
    as_of,
    requested_by: options.author ?? 'ada',
    definition_digest: 'd'.repeat(32),
    config_digest: 'c'.repeat(32),
    configs: options.configs ?? 'd'.repeat(32),
    partitions: [
      { feature_set: pair.feature_set, definition_digest: 'd'.repeat(32), dt: '2026-01-01', revision: 1 },
    ],
    artifacts: [{ name: 'model.onnx', key: model.key, size: model.size, sha256: model.sha256 }],
    metrics: { auc: 0.76 },
    gates: options.gates ?? [{ gate: 'auc', value: 0.76, min: 0.7, passed: true }],
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
    authorship: {
      authors: options.authors ?? [options.author ?? 'ada'],
      authors_since: null,
      approval_tier: options.tier ?? 'high',
    },
    riskTier: options.tier ?? 'high',
    training,
    manifest: { key: manifest.key, sha256: manifest.sha256 },
    card: { key: card.key, sha256: card.sha256, missing: options.missing ?? [] },
    commandId: `register/${training_id}`,
    workflow: { id: `register/${training_id}`, runId: 'run' },
  };
}

/** Registers and approves a version. */
export async function approvedVersion(
  registry: Registry,
  objects: ObjectStore,
  pair: Pair,
  options: Parameters<typeof trainedVersion>[2] = {},
): Promise<number> {
  const { version } = await registry.registerVersion(await trainedVersion(objects, pair, options));
  await registry.judge(await approval(registry, pair, version));
  return version;
}

/** Schedules a version as the API would, and gives the input of the workflow that waits for it. */
export async function scheduled(
  registry: Registry,
  pair: Pair,
  version: number,
  liveAt: string,
): Promise<DeployInput> {
  const { deployment: _reserved, ...terms } = deploymentOf(pair, 1, version, liveAt);
  const { deployment, live_at } = await registry.schedule({ ...terms, byHand: { beside: false } });
  return { pair, version, deployment, live_at };
}

/** Every deployment of a pair that has few. */
export async function deploymentsOf(registry: Registry, pair: Pair) {
  return (await registry.deployments(pair, { limit: 200 })).items;
}

/** Every live interval of a pair that has few. */
export async function historyOf(registry: Registry, pair: Pair) {
  return (await registry.history(pair, { limit: 200 })).items;
}

/** Tests on a real clock use versions that were approved on a fixed day. */
const LASTING = { valid_days: 400_000 };

/** The default approval rules with changes to some tiers. */
export function rules(changes: {
  readonly [tier in keyof ApprovalRules]?: Partial<ApprovalRule>;
}): ApprovalRules {
  const { low, medium, high } = defaultPlatform.approval;
  return {
    low: { ...low, ...changes.low },
    medium: { ...medium, ...changes.medium },
    high: { ...high, ...changes.high },
  };
}

/** The command by which grace approves a version as it is now. */
export async function approval(
  registry: Registry,
  pair: Pair,
  version: number,
): Promise<Parameters<Registry['judge']>[0]> {
  const [known, stage] = await Promise.all([registry.version(pair, version), registry.stage(pair, version)]);
  return approvalOf(pair, version, evidenceOf(known, stage));
}

/** The same for a version that is not registered yet. */
export function firstApproval(
  { pair, manifest, card, training }: RegisterVersion,
  version: number,
): Parameters<Registry['judge']>[0] {
  const seen = { manifest_sha256: manifest.sha256, card_sha256: card.sha256, gates: training.gates };
  return approvalOf(pair, version, evidenceDigest(seen));
}

function approvalOf(pair: Pair, version: number, evidence: string): Parameters<Registry['judge']>[0] {
  return {
    pair,
    version,
    verdict: 'approve',
    principal: 'grace',
    reason: 'fits the policy',
    waivers: [],
    roles: ['approver'],
    evidence,
    rules: rules({ low: LASTING, medium: LASTING, high: LASTING }),
    commandId: randomUUID(),
  };
}

export function deploymentOf(
  pair: Pair,
  deployment: number,
  version: number,
  liveAt: string,
): Parameters<Registry['schedule']>[0] {
  return {
    pair,
    deployment,
    version,
    scheduler: 'airflow',
    schedule: '0 5 * * *',
    timezone: 'Europe/London',
    liveAt,
    principal: 'oper',
    commandId: randomUUID(),
  };
}
