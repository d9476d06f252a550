import { MillraceError } from '#errors/millrace-error.ts';
import type { Deployment } from './deployments/deployment.ts';
import type { Entities } from './entities.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { VersionStage } from './versions/stage.ts';
import type { Version } from './versions/version.ts';

/** Strongly consistent reads of single items, on which commands decide. */

/** Throws `VERSION_NOT_FOUND`. */
export async function readVersion(entities: Entities, pair: Pair, version: number): Promise<Version> {
  const { data } = await entities.version.get({ ...pair, version }).go({ consistent: true });
  if (data === null) throw versionNotFound(pair, version);
  return data.body;
}

/** The stage of a version that may be used and decided on. Throws `VERSION_NOT_FOUND`, `VERSION_DELETED`. */
export async function readStage(entities: Entities, pair: Pair, version: number): Promise<VersionStage> {
  const stage = await readAnyStage(entities, pair, version);
  if (stage.stage !== 'deleted') return stage;
  throw new MillraceError(
    'VERSION_DELETED',
    `Version ${version} of ${pairKey(pair)} was deleted at ${stage.since}.`,
    { where: pairKey(pair), details: { version, deleted_at: stage.since } },
  );
}

/** The stage, also of a deleted version. Throws `VERSION_NOT_FOUND`. */
export async function readAnyStage(entities: Entities, pair: Pair, version: number): Promise<VersionStage> {
  const stage = await findStage(entities, pair, version);
  if (stage === undefined) throw versionNotFound(pair, version);
  return stage;
}

/** The same, but undefined for a version that does not exist. */
export async function findStage(
  entities: Entities,
  pair: Pair,
  version: number,
): Promise<VersionStage | undefined> {
  const { data } = await entities.stage.get({ ...pair, version }).go({ consistent: true });
  return data === null ? undefined : toStage(data);
}

/** Throws `DEPLOYMENT_NOT_FOUND`. */
export async function readDeployment(
  entities: Entities,
  pair: Pair,
  deployment: number,
): Promise<Deployment> {
  const { data } = await entities.deployment.get({ ...pair, deployment }).go({ consistent: true });
  if (data === null) {
    throw new MillraceError(
      'DEPLOYMENT_NOT_FOUND',
      `The pair ${pairKey(pair)} has no deployment ${deployment}.`,
      {
        where: pairKey(pair),
      },
    );
  }
  return toDeployment(data);
}

type StageItem = NonNullable<Awaited<ReturnType<ReturnType<Entities['stage']['get']>['go']>>['data']>;
type DeploymentItem = NonNullable<
  Awaited<ReturnType<ReturnType<Entities['deployment']['get']>['go']>>['data']
>;

export function toStage(item: StageItem): VersionStage {
  const { model, feature_set, version, stage, since, judgements, card, withdrawal, lives, order } = item;
  return {
    model,
    feature_set,
    version,
    stage,
    since,
    judgements,
    card: card ?? null,
    was_approved: item.was_approved ?? false,
    ...(lives === undefined ? {} : { lives }),
    ...(order === undefined ? {} : { order }),
    ...(withdrawal === undefined ? {} : { withdrawal }),
  };
}

export function toDeployment(item: DeploymentItem): Deployment {
  const { model, feature_set, deployment, status, live_from, live_until, ended_by, terms } = item;
  return {
    model,
    feature_set,
    deployment,
    ...terms,
    status,
    ...(live_from === undefined ? {} : { live_from }),
    ...(live_until === undefined ? {} : { live_until }),
    ...(ended_by === undefined ? {} : { ended_by }),
  };
}

function versionNotFound(pair: Pair, version: number): MillraceError {
  return new MillraceError('VERSION_NOT_FOUND', `The pair ${pairKey(pair)} has no version ${version}.`, {
    where: pairKey(pair),
  });
}
