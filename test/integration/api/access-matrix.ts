/**
 * Who may use which route, written by hand: a route without a row fails the test beside this file, and so does a row without
 * a route. `admin` may use every route and is left out.
 *
 * The model `buys` belongs to team `shop` and its feature set `habits` to team `data`. `owner` is the team that decides:
 * `inTeam` lists the roles that suffice for somebody in it, `elsewhere` those that suffice for somebody in other teams.
 */
export interface AccessRow {
  readonly route: string;
  readonly owner: 'shop' | 'data' | 'nobody';
  readonly inTeam: string;
  readonly elsewhere: string;
  /** For a read: the team whose members alone read it where documents are marked `read: team`. Open in any case without it. */
  readonly derived?: 'shop' | 'data';
  /** What stands for `*`. */
  readonly rest?: string;
}

const READERS = 'viewer scientist approver operator';

/** Reads are open to all teams unless a document is marked. */
const read = (route: string, roles = READERS): AccessRow => ({
  route: `GET ${route}`,
  owner: 'nobody',
  inTeam: roles,
  elsewhere: roles,
});
/** Shows what is derived from a document of a team. */
const derived = (route: string, team: 'shop' | 'data', roles = READERS, rest?: string): AccessRow => ({
  ...read(route, roles),
  derived: team,
  ...(rest !== undefined && { rest }),
});
/** Decided by the role alone. */
const anyTeam = (route: string, roles: string): AccessRow => ({
  route,
  owner: 'nobody',
  inTeam: roles,
  elsewhere: roles,
});
const change = (route: string, owner: 'shop' | 'data', roles: string, rest?: string): AccessRow => ({
  route,
  owner,
  inTeam: roles,
  elsewhere: '',
  ...(rest !== undefined && { rest }),
});
const cancel = (id: string, owner: 'shop' | 'data', roles: string): AccessRow =>
  change('POST /v1/workflows/*', owner, roles, `${id}/cancel`);

const PAIR = '/v1/pairs/:model/:set';
const VERSION = `${PAIR}/versions/:version`;
const DIGEST = 'd'.repeat(32);

export const ACCESS_MATRIX: readonly AccessRow[] = [
  read('/v1/configs'),
  read('/v1/configs/:kind/:name'),
  read('/v1/configs/revisions'),
  anyTeam('POST /v1/configs/plan', 'scientist'),
  // Each document is checked against its owners: apply-teams.test.ts.
  anyTeam('POST /v1/configs/apply', 'scientist'),

  // Asks for the teams of the sources of that folder: source-drafts.test.ts.
  read('/v1/source-drafts', 'scientist'),

  derived('/v1/feature-sets/:set/partitions', 'data'),
  derived('/v1/feature-sets/:set/partitions/:dt', 'data'),
  derived('/v1/feature-sets/:set/partitions/:dt/r/:revision', 'data'),
  derived('/v1/feature-sets/:set/partitions/:dt/checks', 'data', 'scientist'),
  derived('/v1/feature-sets/:set/lineage', 'data'),
  derived('/v1/feature-sets/:set/query', 'data'),
  change('POST /v1/feature-sets/:set/partitions', 'data', 'scientist'),
  // The set may be one of the files: preview.test.ts.
  anyTeam('POST /v1/feature-sets/:set/preview', 'scientist'),

  read('/v1/models'),
  change('POST /v1/models/:model/trainings', 'shop', 'scientist'),
  change('POST /v1/models/:model/lifecycles', 'shop', 'scientist'),

  read(PAIR),
  derived(`${PAIR}/versions`, 'shop'),
  change(`POST ${PAIR}/uploads`, 'shop', 'scientist'),
  change(`POST ${PAIR}/versions`, 'shop', 'scientist'),
  derived(VERSION, 'shop'),
  derived(`${VERSION}/card`, 'shop'),
  change(`POST ${VERSION}/card`, 'shop', 'scientist'),
  derived(`${VERSION}/artifacts/:artifact`, 'shop'),
  change(`DELETE ${VERSION}`, 'shop', 'scientist operator'),
  derived(`${VERSION}/tags`, 'shop'),
  change(`PATCH ${VERSION}/tags`, 'shop', 'scientist approver operator'),
  change(`PUT ${VERSION}/tags`, 'shop', 'scientist approver operator'),
  change(`DELETE ${VERSION}/tags`, 'shop', 'scientist approver operator'),
  derived(`${PAIR}/aliases`, 'shop'),
  derived(`${PAIR}/aliases/:alias`, 'shop'),
  change(`PUT ${PAIR}/aliases/:alias`, 'shop', 'scientist approver operator'),
  change(`DELETE ${PAIR}/aliases/:alias`, 'shop', 'scientist approver operator'),
  derived(`${PAIR}/dossier`, 'shop'),
  derived(`${PAIR}/dossier/verify`, 'shop'),
  read(`${PAIR}/history`),
  read(`${PAIR}/deployments`),
  change(`POST ${VERSION}/approve`, 'shop', 'approver operator'),
  change(`POST ${VERSION}/reject`, 'shop', 'approver operator'),
  change(`POST ${VERSION}/deploy`, 'shop', 'operator'),
  change(`POST ${VERSION}/archive`, 'shop', 'operator'),
  change(`POST ${VERSION}/withdraw`, 'shop', 'operator'),
  change(`POST ${PAIR}/deployments/:deployment/cancel`, 'shop', 'operator'),
  change(`POST ${PAIR}/rollback`, 'shop', 'operator'),

  derived(`${PAIR}/scores`, 'shop'),
  derived(`${PAIR}/scores/:score_date`, 'shop'),
  change(`POST ${PAIR}/scores`, 'shop', 'operator scheduler'),
  change(`POST ${PAIR}/backfills`, 'shop', 'operator'),
  change(`POST ${PAIR}/repair`, 'shop', 'operator'),

  // Leaves out what the caller may not read: dag-specs.test.ts.
  read('/v1/dag-specs', `${READERS} scheduler`),
  derived(`${PAIR}/dag-spec`, 'shop', `${READERS} scheduler`),

  read('/v1/workflows'),
  derived('/v1/workflows/*', 'shop', `${READERS} scheduler`, 'score/buys/habits/v1/2020-03-05/r1'),
  derived('/v1/workflows/*', 'shop', READERS, 'score/buys/habits/v1/2020-03-05/r1/logs'),
  derived('/v1/workflows/*', 'shop', READERS, 'backfill/buys/habits/v1/2020-03-05..2020-03-06'),
  derived('/v1/workflows/*', 'shop', READERS, `train/buys/habits/${DIGEST}/2020-03-01`),
  derived('/v1/workflows/*', 'data', READERS, `materialise/habits/${DIGEST}/2020-03-01/r1`),
  cancel(`materialise/habits/${DIGEST}/2020-03-01/r1`, 'data', 'scientist operator'),
  cancel(`train/buys/habits/${DIGEST}/2020-03-01`, 'shop', 'scientist operator'),
  cancel(`import/buys/habits/${DIGEST}/2020-03-01`, 'shop', 'scientist operator'),
  cancel(`register/buys/habits/${DIGEST}/2020-03-01`, 'shop', 'scientist operator'),
  cancel(`lifecycle/buys/habits/${DIGEST}/2020-03-01`, 'shop', 'scientist operator'),
  cancel('deploy/buys/habits/1', 'shop', 'operator'),
  cancel('archive/buys/habits/1', 'shop', 'operator'),
  cancel('score/buys/habits/v1/2020-03-05/r1', 'shop', 'operator'),
  cancel('backfill/buys/habits/v1/2020-03-05..2020-03-06', 'shop', 'operator'),
  cancel('reconcile/buys/habits', 'shop', 'operator'),
  cancel('repair/buys/habits', 'shop', 'operator'),

  read('/v1/workers'),
  anyTeam('POST /v1/workers/builds/:build/use', 'operator'),

  read('/v1/search'),
  read('/v1/schemas/model-card'),
  read('/v1/audit', ''),
  read('/v1/keys', ''),
  anyTeam('POST /v1/keys', ''),
  anyTeam('DELETE /v1/keys/:id', ''),
];
