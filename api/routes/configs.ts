import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { digestOf } from '#configs/canonical.ts';
import { type ConfigDocument, type DocumentKey, findDocument } from '#configs/config-set.ts';
import { CONFIG_KINDS } from '#configs/document-schemas.ts';
import { type ConfigFile, loadConfigs } from '#configs/load.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Principal } from '#access/principal.ts';
import { type Pair, pairKey } from '#configs/pair.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { Registry } from '#registry/registry.ts';
import type { AppliedConfigs, ConfigStore } from '#catalog/config-store.ts';
import { type PartitionsWanted, partitionsWanted } from '#plan/partitions-wanted.ts';
import { pairsConcerned, planConfigs } from '#plan/plan.ts';
import { queryProblems } from '#plan/query-problems.ts';

export interface ConfigRouteDeps {
  readonly configs: ConfigStore;
  readonly registry: Pick<Registry, 'state'>;
  readonly partitions: Pick<PartitionStore, 'list'>;
  readonly now?: () => Date;
}

const MAX_FILES = 2_000;
const tags = ['configs'];
const digest = z.string().regex(/^[0-9a-f]{32}$/, 'a digest of 32 hex characters');
const key = z.string();
const files = z
  .array(z.strictObject({ path: z.string().min(1).max(500), text: z.string() }))
  .min(1)
  .max(MAX_FILES)
  .describe('YAML and SQL files; paths are relative to one folder.');

const listOf = <T extends z.ZodType>(item: T) => z.array(item).readonly();

const planBody = z.object({
  base_digest: digest,
  revision: z.int(),
  documents: z.object({
    created: listOf(key),
    changed: listOf(z.object({ key, paths: listOf(z.string()) })),
    unchanged: listOf(key),
  }),
  partitions: listOf(
    z.object({
      feature_set: z.string(),
      definition_digest: digest,
      count: z.int(),
      first: z.string(),
      last: z.string(),
      because: z.string(),
    }),
  ),
  models: listOf(z.object({ model: z.string(), feature_set: z.string(), because: z.string() })),
  live_pairs: listOf(
    z.object({
      model: z.string(),
      feature_set: z.string(),
      version: z.int(),
      because: listOf(z.string()),
    }),
  ),
});

const applyBody = z.object({
  base_digest: digest,
  revision: z.int(),
  created: listOf(key),
  changed: listOf(key),
});

const revisionBody = z.object({
  revision: z.int(),
  base_digest: digest,
  previous: digest,
  principal: z.string(),
  applied_at: z.string(),
  command_id: z.string(),
  changes: z.int(),
});

/** Plans and applies configs, and reads what is applied. Starts nothing. */
export const configRoutes: FastifyPluginAsyncZod<ConfigRouteDeps> = async (app, deps) => {
  const now = deps.now ?? (() => new Date());

  app.post(
    '/v1/configs/plan',
    {
      config: { role: 'scientist' },
      schema: {
        summary: 'Say what applying these files would mean',
        tags,
        body: z.strictObject({ files }),
        response: { 200: planBody },
      },
    },
    async (request) => {
      const base = await deps.configs.current();
      const { declared } = await valid(request.body.files, base);
      const live = await liveVersions(deps.registry, pairsConcerned(base, declared));
      const today = now().toISOString().slice(0, 10);
      const committed = await committedDates(deps.partitions, partitionsWanted(base, declared, today));
      return planConfigs({ base, documents: declared, today, live, committed });
    },
  );

  app.post(
    '/v1/configs/apply',
    {
      config: { role: 'scientist' },
      schema: {
        summary: 'Make these documents current, all or none, if nothing was applied since the plan',
        tags,
        body: z.strictObject({
          files,
          base_digest: digest.describe('`base_digest` of the plan that was read.'),
          command_id: z
            .string()
            .regex(/^[A-Za-z0-9._:/-]{1,128}$/)
            .optional()
            .describe('The same id is the same command, carried out once. Without it, the same request is.'),
        }),
        response: { 200: applyBody },
      },
    },
    async (request) => {
      const { files: given, base_digest: base } = request.body;
      const principal = request.principal.name;
      // Checked against the base that the plan was made on: a repeat must give its first answer after others have applied too.
      const planned = await baseOf(deps.configs, base);
      const { declared } = await valid(given, planned);
      refuseRules(request.principal, planned, declared);
      const commandId = request.body.command_id ?? digestOf({ declared, base, principal });
      return deps.configs.apply(declared, base, principal, commandId);
    },
  );

  app.get(
    '/v1/configs',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List the applied documents',
        tags,
        response: {
          200: z.object({
            base_digest: digest,
            revision: z.int(),
            documents: z.array(
              z.object({ kind: z.enum(CONFIG_KINDS), name: z.string(), digest, author: z.string() }),
            ),
          }),
        },
      },
    },
    async () => {
      const applied = await deps.configs.current();
      const keys = [...applied.digests.keys()].toSorted();
      return {
        base_digest: applied.base_digest,
        revision: applied.revision,
        documents: keys.map((one) => ({ ...kindAndName(one), ...digestAndAuthor(applied, one) })),
      };
    },
  );

  app.get(
    '/v1/configs/revisions',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'List who applied what and when, newest first',
        tags,
        querystring: z.strictObject({
          limit: z.coerce.number().int().min(1).max(200).default(50),
          before: z.coerce.number().int().min(1).optional().describe('Revisions below this one.'),
        }),
        response: { 200: z.object({ revisions: z.array(revisionBody) }) },
      },
    },
    async ({ query: { limit, before } }) => ({
      revisions: [...(await deps.configs.revisions({ limit, ...(before !== undefined && { before }) }))],
    }),
  );

  app.get(
    '/v1/configs/:kind/:name',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Read one applied document',
        tags,
        params: z.object({ kind: z.enum(CONFIG_KINDS), name: z.string() }),
        response: {
          200: z.object({ document: z.record(z.string(), z.unknown()), digest, author: z.string() }),
        },
      },
    },
    async ({ params }) => {
      const applied = await deps.configs.current();
      const one: DocumentKey = `${params.kind}/${params.name}`;
      const document = applied.digests.has(one) ? findDocument(applied.configs, params) : undefined;
      if (document === undefined) {
        throw new MillraceError('CONFIG_NOT_FOUND', `${one} is not applied`, { where: one });
      }
      return { document: { ...document }, ...digestAndAuthor(applied, one) };
    },
  );
};

async function valid(given: readonly ConfigFile[], base: AppliedConfigs) {
  const loaded = loadConfigs(given, { existing: base.configs });
  const problems =
    loaded.problems.length > 0
      ? loaded.problems
      : await queryProblems(base.configs, loaded.documents, loaded.declared);
  const count = problems.length;
  if (count > 0) {
    throw new MillraceError(
      'CONFIG_INVALID',
      `${count} ${count === 1 ? 'problem' : 'problems'} in the configs`,
      {
        details: { problems },
      },
    );
  }
  if (loaded.declared.length === 0) {
    throw new MillraceError('CONFIG_EMPTY', `${given.length} files hold no config document`);
  }
  return loaded;
}

/** The Platform document says who may approve and what jobs may load: nobody loosens his own rules. */
function refuseRules(principal: Principal, base: AppliedConfigs, declared: readonly ConfigDocument[]): void {
  if (principal.roles.includes('admin')) return;
  const rules = declared.find(({ kind }) => kind === 'Platform');
  if (rules === undefined || digestOf(rules) === digestOf(base.configs.platform)) return;
  throw new MillraceError(
    'FORBIDDEN',
    `${principal.name} lacks the role admin to change the platform's rules`,
    {
      details: { needs: 'admin', has: principal.roles },
    },
  );
}

/** A base nobody ever had is as stale as one that was left behind; which one it was is for the apply to say. */
async function baseOf(configs: ConfigStore, base: string): Promise<AppliedConfigs> {
  try {
    return await configs.at(base);
  } catch (error) {
    if (!(error instanceof MillraceError && error.code === 'CONFIG_NOT_FOUND')) throw error;
    const { base_digest: current } = await configs.current();
    throw new MillraceError('PLAN_STALE', `no plan was made on ${base}; the configs are now ${current}`, {
      details: { base_digest: base, current },
      cause: error,
    });
  }
}

async function liveVersions(
  registry: Pick<Registry, 'state'>,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<string, number>> {
  const live = new Map<string, number>();
  for (const pair of pairs) {
    try {
      const state = await registry.state(pair);
      if (state.live !== null) live.set(pairKey(pair), state.live.version);
    } catch (error) {
      // A pair appears with its first version.
      if (!(error instanceof MillraceError && error.code === 'PAIR_NOT_FOUND')) throw error;
    }
  }
  return live;
}

async function committedDates(
  partitions: Pick<PartitionStore, 'list'>,
  wanted: readonly PartitionsWanted[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const committed = new Map<string, ReadonlySet<string>>();
  for (const { feature_set, definition_digest } of wanted) {
    const entries = await partitions.list(feature_set, definition_digest);
    committed.set(feature_set, new Set(entries.map(({ dt }) => dt)));
  }
  return committed;
}

function kindAndName(one: DocumentKey) {
  const [kind, name = ''] = one.split('/');
  const known = CONFIG_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) throw new MillraceError('CONFIG_STATE_DAMAGED', `${one} has no known kind`);
  return { kind: known, name };
}

function digestAndAuthor(applied: AppliedConfigs, one: DocumentKey) {
  return { digest: applied.digests.get(one) ?? '', author: applied.authors.get(one) ?? '' };
}
