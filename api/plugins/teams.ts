import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { z } from 'zod';
import type { Principal } from '#access/principal.ts';
import { requireTeams } from '#access/teams.ts';
import type { AppliedConfigs } from '#catalog/config-store.ts';
import { type OwnedKind, ownerOf } from '#catalog/owners.ts';
import { readersOf, readersOfPair } from '#catalog/restricted-reading.ts';
import type { ConfigSet } from '#configs/config-set.ts';
import { nameSchema } from '#configs/names.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { cancelledId, ownWorkflow, readId } from '../routes/workflows/workflow-id.ts';

/**
 * What a route acts on or reads, which decides the team that may:
 * - `pair`: `:model` and `:set`; a pair belongs to the owner of its model
 * - `model`: `:model`
 * - `featureSet`: `:set`
 * - `workflow`: the id after `/v1/workflows/`, resolved to its pair or feature set
 * - `documents`: config documents in the body; the handler checks each of them
 * - `none`: nothing that a team owns; the role alone decides
 */
export type ActsOn = 'pair' | 'model' | 'featureSet' | 'workflow' | 'documents' | 'none';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Required of every route that changes something: a route without it is rejected at start-up. A route that reads names it
     * if what it shows is restricted by `read: team`.
     */
    team?: ActsOn;
  }
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface AppliedNow {
  /** Read for each change. */
  readonly current: () => Promise<AppliedConfigs>;
  /** At most a second old; for reads. */
  readonly recent: () => Promise<AppliedConfigs>;
}

/** Runs after authorization, so that the role is known to suffice, and before the body is read. */
export function addTeams(app: FastifyInstance, applied: AppliedNow): void {
  app.addHook('onRoute', refuseWithoutTeam);
  app.addHook('onRequest', async (request) => {
    const { role, team = 'none' } = request.routeOptions.config;
    if (role === 'public' || request.is404 || request.principal.roles.includes('admin')) return;
    const subject = subjectOf(team, request);
    if (subject === undefined) return;
    if (READS.has(request.method)) refuseReader(request.principal, (await applied.recent()).configs, subject);
    else refuseActor(request.principal, (await applied.current()).configs, subject);
  });
}

/** Kind and name of the document whose owner decides, and of a pair its feature set. */
type Subject = readonly [kind: OwnedKind, name: string, set?: string];

function refuseActor(principal: Principal, configs: ConfigSet, subject: Subject): void {
  const [kind, name] = subject;
  const owned = ownerOf(configs, kind, name);
  if (owned === undefined) throw notApplied(kind, name);
  requireTeams(principal, [{ ...owned, because: `which owns ${owned.document}` }]);
}

/** What belongs to no applied document follows the default of the installation. */
function refuseReader(principal: Principal, configs: ConfigSet, subject: Subject): void {
  const [kind, name, set] = subject;
  const readers =
    set === undefined
      ? readersOf(configs, kind, name)
      : readersOfPair(configs, { model: name, feature_set: set });
  if (readers === 'admins') throw notApplied(kind, name);
  if (readers !== 'everybody')
    requireTeams(principal, [{ ...readers, because: `which alone reads ${readers.document}` }]);
}

/** `undefined` if no single document decides. */
function subjectOf(team: ActsOn, request: FastifyRequest): Subject | undefined {
  if (team === 'none' || team === 'documents') return undefined;
  if (team === 'featureSet') return ['FeatureSet', param(request, 'set')];
  if (team === 'pair') return ['Model', param(request, 'model'), param(request, 'set')];
  if (team === 'model') return ['Model', param(request, 'model')];
  const path = param(request, '*', z.string());
  const work = ownWorkflow(READS.has(request.method) ? readId(path).id : cancelledId(path));
  return 'pair' in work
    ? ['Model', work.pair.model, work.pair.feature_set]
    : ['FeatureSet', work.feature_set];
}

/** Parameters are validated after this hook, so it validates the one that it reads itself. */
function param(request: FastifyRequest, name: string, schema: z.ZodType<string> = nameSchema): string {
  const given = z.record(z.string(), z.unknown()).safeParse(request.params).data?.[name];
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(({ message }) => message).join('; ');
  throw new MillraceError('REQUEST_INVALID', `${name}: ${why}`, { where: 'params' });
}

function notApplied(kind: OwnedKind, name: string): MillraceError {
  const code = kind === 'FeatureSet' ? 'FEATURE_SET_UNKNOWN' : 'CONFIG_NOT_FOUND';
  return new MillraceError(code, `${kind}/${name} is not applied, so no team owns it.`, {
    where: `${kind}/${name}`,
  });
}

/** A programming error, detected at start-up, before any request. */
function refuseWithoutTeam(route: RouteOptions): void {
  const changes = [route.method].flat().some((method) => !READS.has(method));
  if (!changes || route.config?.role === 'public' || route.config?.team !== undefined) return;
  throw new Error(
    `route ${String(route.method)} ${route.url} names no team: set config.team to what it acts on, see ActsOn in api/plugins/teams.ts`,
  );
}
