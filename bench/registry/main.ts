import { join } from 'node:path';
import type { Pair } from '#configs/pair.ts';
import { pairKey } from '#configs/pair.ts';
import { logOf } from '#local/launch.ts';
import { startPlatform } from '#local/platform.ts';
import { endProcess, saysReady, startProcess } from '#local/processes.ts';
import type { Servers } from '#local/servers.ts';
import { ROOT } from '#local/tools.ts';
import { openPlatform } from '#platform/open-platform.ts';
import { createRegistry } from '#registry/registry.ts';
import { listingPartitions } from '#registry/shards.ts';
import { ratio } from '../numbers.ts';
import { closedLoop, figuresOf, type Figures, type Limit, type Sample, type Work } from './closed-loop.ts';
import { httpClient } from './http.ts';
import { mlflowCalls, startMlflow } from './mlflow.ts';
import { copyVersions, registration } from './seed.ts';

const CLIENTS = [1, 32] as const;
const ROUNDS = 3;
const SECONDS = 3;
const CREATES = { 1: 40, 32: 5 } as const;
/** Bytes of the items that a registration and a move of an alias write beside the head. */
const SIZES = { create: [1_900, 1_300, 300, 200, 1_900], alias: [400, 400] } as const;
const SEARCHED = 1_000;
const SMALL = 10;
const LARGE = 10_000;
const ALIAS = 'champion';

const SYSTEMS = ['millrace', 'mlflow', 'bare'] as const;
type System = (typeof SYSTEMS)[number];
type Operation = 'create' | 'set_alias' | 'get_by_alias' | 'search';

/**
 * The registry against MLflow on SQLite and against the bare DynamoDB calls, on one machine, in turns. Every client works
 * on a pair (a model of MLflow) of its own.
 */
export async function benchRegistry(servers: Servers, say: (line: string) => void): Promise<unknown> {
  const platform = await startPlatform(servers);
  // Their polling is not part of a request.
  await Promise.all(['worker', 'scoring'].map((name) => endProcess(servers.home, name)));
  await using stores = openPlatform(platform.env);
  const registry = createRegistry(stores.table, stores.objects);
  const mlflow = await startMlflow(servers, say);
  const bare = await start(servers, 'bare');
  const registrar = await start(servers, 'registrar');
  const http = httpClient(64);
  try {
    const theirs = mlflowCalls(mlflow.url, http.ask);
    const key = { authorization: `Bearer ${platform.adminKey}` };

    say('writing versions');
    const pairs = Array.from({ length: 32 }, (_, index) => pairOf(`m${index}`));
    for (const pair of [...pairs, pairOf('small'), pairOf('large'), pairOf('searched')])
      await registry.registerVersion(await registration(stores.objects, pair));
    for (const pair of pairs) await copyVersions(stores.table, pair, 2);
    await copyVersions(stores.table, pairOf('small'), SMALL);
    await copyVersions(stores.table, pairOf('large'), LARGE);
    await copyVersions(stores.table, pairOf('searched'), SEARCHED);
    for (const { model } of [...pairs, pairOf('searched')]) await theirs.createModel(model);
    await closedLoop({ clients: 4, turns: SEARCHED / 4 }, () => theirs.createVersion('searched'));
    await closedLoop({ clients: 32, turns: 2 }, (client) => theirs.createVersion(`m${client}`));

    const etags = new Map<string, string>();
    const setAlias = async (pair: Pair, turn: number): Promise<void> => {
      const etag = etags.get(pairKey(pair));
      const answer = await http.ask({
        method: 'PUT',
        url: `${platform.api}/v1/pairs/${pairKey(pair)}/aliases/${ALIAS}`,
        headers: { ...key, ...(etag === undefined ? { 'if-none-match': '*' } : { 'if-match': etag }) },
        body: { version: (turn % 2) + 1 },
      });
      if (answer.etag !== undefined) etags.set(pairKey(pair), answer.etag);
    };
    const register = (body: Parameters<typeof registry.registerVersion>[0]) =>
      http.ask({ method: 'POST', url: `${registrar}/register`, body });
    const getByAlias = (pair: Pair) =>
      http.ask({
        method: 'GET',
        url: `${platform.api}/v1/pairs/${pairKey(pair)}/aliases/${ALIAS}`,
        headers: key,
      });
    const search = ({ model, feature_set }: Pair) => {
      const query = `model=${model}&feature_set=${feature_set}&stage=registered&limit=50`;
      return http.ask({ method: 'GET', url: `${platform.api}/v1/search?${query}`, headers: key });
    };
    const bareWrite = (model: string, sizes: readonly number[], version?: number) =>
      http.ask({
        method: 'POST',
        url: `${bare}/write`,
        body: {
          pk: `bare#${model}`,
          sizes,
          ...(version === undefined ? {} : { alias: { name: ALIAS, version } }),
        },
      });
    const [stagePartition = ''] = listingPartitions('stage#registered', 'searched');

    const works: Readonly<Record<Exclude<Operation, 'create'>, Readonly<Record<System, Work>>>> = {
      set_alias: {
        millrace: (client, turn) => setAlias(pairOf(`m${client}`), turn),
        mlflow: (client, turn) => theirs.setAlias(`m${client}`, ALIAS, (turn % 2) + 1),
        bare: (client, turn) => bareWrite(`m${client}`, SIZES.alias, (turn % 2) + 1),
      },
      get_by_alias: {
        millrace: (client) => getByAlias(pairOf(`m${client}`)),
        mlflow: (client) => theirs.getByAlias(`m${client}`, ALIAS),
        bare: (client) =>
          http.ask({
            method: 'GET',
            url: `${bare}/alias?pk=${encodeURIComponent(`pair#m${client}/bench`)}&alias=${ALIAS}`,
          }),
      },
      search: {
        millrace: () => search(pairOf('searched')),
        mlflow: () => theirs.search('searched'),
        bare: () =>
          http.ask({
            method: 'GET',
            url: `${bare}/search?gsi2pk=${encodeURIComponent(stagePartition)}&prefix=searched/`,
          }),
      },
    };

    const samples = new Map<string, Sample[]>();
    const measure = async (name: string, limit: Limit, work: Work): Promise<void> => {
      const sample = await closedLoop(limit, work);
      samples.set(name, [...(samples.get(name) ?? []), sample]);
    };
    for (const [operation, work] of Object.entries(works))
      for (const system of SYSTEMS) {
        say(`warming up ${operation} of ${system}`);
        await closedLoop({ clients: 32, turns: operation === 'search' ? 2 : 6 }, work[system]);
      }
    for (let round = 1; round <= ROUNDS; round += 1) {
      say(`round ${round} of ${ROUNDS}`);
      for (const clients of CLIENTS) {
        const turns = CREATES[clients];
        const commands = await Promise.all(
          Array.from({ length: clients }, async (_, client) => {
            const all = [];
            for (let turn = 0; turn < turns; turn += 1)
              all.push(await registration(stores.objects, pairOf(`m${client}`)));
            return all;
          }),
        );
        const limit = { clients, turns };
        await measure(`create millrace ${clients}`, limit, async (client, turn) => {
          const command = commands[client]?.[turn];
          if (command !== undefined) await register(command);
        });
        await measure(`create mlflow ${clients}`, limit, (client) => theirs.createVersion(`m${client}`));
        await measure(`create bare ${clients}`, limit, (client) => bareWrite(`c${client}`, SIZES.create));
        for (const [operation, work] of Object.entries(works))
          for (const system of SYSTEMS)
            await measure(`${operation} ${system} ${clients}`, { clients, seconds: SECONDS }, work[system]);
      }
      for (const model of ['small', 'large']) {
        const pair = pairOf(model);
        await measure(`set_alias ${model}`, { clients: 1, turns: 60 }, (_, turn) =>
          setAlias(pair, turn + round),
        );
        await measure(`get_by_alias ${model}`, { clients: 1, turns: 200 }, () => getByAlias(pair));
        const next = await Promise.all(Array.from({ length: 10 }, () => registration(stores.objects, pair)));
        await measure(`create ${model}`, { clients: 1, turns: 10 }, async (_, turn) => {
          const command = next[turn];
          if (command !== undefined) await register(command);
        });
      }
    }
    const figures = (name: string): Figures => figuresOf(samples.get(name) ?? []);
    return report(mlflow.version, figures);
  } finally {
    http.close();
    await mlflow.stop();
  }
}

function report(version: string, figures: (name: string) => Figures): unknown {
  const operations: readonly Operation[] = ['create', 'set_alias', 'get_by_alias', 'search'];
  const ratiosOf = (operation: Operation) => {
    const of = (system: System, clients: number) => figures(`${operation} ${system} ${clients}`);
    return {
      mlflow_p50_per_ours: ratio(of('mlflow', 1).p50_ms, of('millrace', 1).p50_ms),
      ours_p50_per_bare: ratio(of('millrace', 1).p50_ms, of('bare', 1).p50_ms),
      ours_per_second_per_mlflow_at_32: ratio(of('millrace', 32).per_second, of('mlflow', 32).per_second),
      ours_per_second_per_bare_at_32: ratio(of('millrace', 32).per_second, of('bare', 32).per_second),
    };
  };
  const sizes = ['create', 'set_alias', 'get_by_alias'].map((operation) => [
    operation,
    ratio(figures(`${operation} large`).p50_ms, figures(`${operation} small`).p50_ms),
  ]);
  return {
    bench: 'registry',
    mlflow: version,
    figures: operations.flatMap((operation) =>
      CLIENTS.flatMap((clients) =>
        SYSTEMS.map((system) => ({
          operation,
          system,
          clients,
          ...figures(`${operation} ${system} ${clients}`),
        })),
      ),
    ),
    ratios: Object.fromEntries(operations.map((operation) => [operation, ratiosOf(operation)])),
    p50_at_10000_versions_per_10: Object.fromEntries(sizes),
  };
}

function pairOf(model: string): Pair {
  return { model, feature_set: 'bench' };
}

/** Gives the URL that it listens on. */
async function start(servers: Servers, name: 'bare' | 'registrar'): Promise<string> {
  const { record } = await startProcess(servers.home, {
    name,
    command: [process.execPath, join(ROOT, 'bench/registry', `${name}.ts`)],
    env: servers.env,
    cwd: ROOT,
    ready: saysReady,
  });
  const ready = logOf(record)
    .split('\n')
    .find((line) => line.startsWith('{"ready"'));
  return (JSON.parse(ready ?? '{}') as { readonly url: string }).url;
}
