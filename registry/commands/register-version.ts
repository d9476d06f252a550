import type { RiskTier } from '#configs/model.ts';
import type { Authorship } from '../versions/authorship.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { commitToPair, type Put, type RegistryStore } from '../commit-to-pair.ts';
import { firstStage } from '../transition-items.ts';
import type { Pair } from '#configs/pair.ts';
import { readAnyStage, readVersion } from '../read-items.ts';
import { verifyTraining } from '../versions/verify-registration.ts';
import type { TrainingRecord } from '#training/record.ts';
import type { DeploymentOrder } from '../versions/stage.ts';
import type { Version } from '../versions/version.ts';

export interface RegisterVersion {
  readonly pair: Pair;
  readonly authorship: Authorship;
  readonly riskTier: RiskTier;
  readonly training: TrainingRecord;
  readonly manifest: { readonly key: string; readonly sha256: string };
  readonly card: { readonly key: string; readonly sha256: string; readonly missing: readonly string[] };
  readonly commandId: string;
  readonly workflow: { readonly id: string; readonly runId: string };
  /** See `orderDeployment`. */
  readonly order?: DeploymentOrder;
}

/**
 * Commits a training as the next version of its pair. Idempotent: a training that is already registered returns its
 * version, unless that was deleted: then it becomes a new one. Throws `ARTIFACT_MISSING`, `ARTIFACT_DIGEST_MISMATCH`, `ARTIFACT_PLACE_WRONG`,
 * `TRAINING_MANIFEST_DIFFERS`, `CARD_UNREADABLE`, with the registry unchanged.
 */
export async function registerVersion(
  store: RegistryStore,
  objects: ObjectStore,
  input: RegisterVersion,
): Promise<Version> {
  for (let { commandId } = input; ;) {
    const { version, fresh } = await commitVersion(store, objects, { ...input, commandId });
    if (fresh) return version;
    const { stage } = await readAnyStage(store.entities, input.pair, version.version);
    if (stage !== 'deleted') return version;
    // A command keeps its result for ever, also that of a version which was deleted since.
    commandId = `${input.commandId}/after-version-${version.version}`;
  }
}

async function commitVersion(
  store: RegistryStore,
  objects: ObjectStore,
  input: RegisterVersion,
): Promise<{ readonly version: Version; readonly fresh: boolean }> {
  const { entities } = store;
  const { pair, training, commandId } = input;
  const subject = { training_id: training.training_id };
  const readKnown = async (): Promise<number | undefined> =>
    (await entities.training.get({ ...pair, training_id: training.training_id }).go({ consistent: true }))
      .data?.version;
  // Before the head is read, so that a long verification does not age it. A training that is registered needs none.
  let verified = false;
  if ((await readKnown()) === undefined) {
    await verifyTraining(objects, input);
    verified = true;
  }
  let made: Version | undefined;
  const committed = await commitToPair<Version>(
    store,
    { pair, kind: 'register', commandId, subject },
    async (state, { at }) => {
      const known = await readKnown();
      if (known !== undefined) return { unchanged: await readVersion(entities, pair, known) };
      if (!verified) {
        await verifyTraining(objects, input);
        verified = true;
      }
      const version = versionOf(input, state.last_version + 1, at);
      made = version;
      return {
        head: { last_version: version.version },
        entries: [
          {
            kind: 'version_registered',
            at,
            principal: training.requested_by,
            facts: registeredFacts(version),
          },
        ],
        items: [
          {
            Put: entities.version.create({ ...pair, version: version.version, body: version }).params<Put>(),
          },
          firstStage(entities, pair, version.version, at, input.order),
          {
            Put: entities.training
              .create({ ...pair, training_id: training.training_id, version: version.version })
              .params<Put>(),
          },
        ],
        result: version,
      };
    },
  );
  return { version: committed, fresh: committed === made };
}

function versionOf(input: RegisterVersion, version: number, at: string): Version {
  const { pair, training, manifest, card, workflow } = input;
  return {
    model: pair.model,
    feature_set: pair.feature_set,
    version,
    training_id: training.training_id,
    training_digest: training.training_digest,
    as_of: training.as_of,
    ...input.authorship,
    risk_tier: input.riskTier,
    created_at: at,
    manifest_key: manifest.key,
    manifest_sha256: manifest.sha256,
    artifacts: training.artifacts,
    metrics: training.metrics,
    gates: training.gates,
    engine: training.engine,
    cut_off: training.cut_off,
    config_digest: training.config_digest,
    configs: training.configs,
    definition_digest: training.definition_digest,
    partitions: training.partitions,
    rows: training.rows,
    build: training.build,
    ...(training.origin === undefined ? {} : { origin: training.origin }),
    registered_by: { workflow_id: workflow.id, run_id: workflow.runId },
    card_key: card.key,
    card_sha256: card.sha256,
    card_missing: card.missing,
  };
}

function registeredFacts(version: Version): Readonly<Record<string, unknown>> {
  return {
    version: version.version,
    training_id: version.training_id,
    training_digest: version.training_digest,
    as_of: version.as_of,
    authors: version.authors,
    authors_since: version.authors_since,
    risk_tier: version.risk_tier,
    approval_tier: version.approval_tier,
    config_digest: version.config_digest,
    configs: version.configs,
    definition_digest: version.definition_digest,
    partitions: version.partitions,
    manifest: { key: version.manifest_key, sha256: version.manifest_sha256 },
    card: { key: version.card_key, sha256: version.card_sha256, missing: version.card_missing },
    artifacts: version.artifacts,
    gates: version.gates,
    build: version.build,
    ...(version.origin === undefined ? {} : { origin: version.origin }),
    registered_by: version.registered_by,
  };
}
