import { join } from 'node:path';
import { loadDataSet } from '#local/load-data-set.ts';
import { startPlatform } from '#local/platform.ts';
import { logOf } from '#local/launch.ts';
import { endProcess, saysReady, startProcess } from '#local/processes.ts';
import type { Servers } from '#local/servers.ts';
import { ROOT } from '#local/tools.ts';
import { callAs } from '../call.ts';
import { ratio } from '../numbers.ts';
import type { Example } from '../example.ts';
import { load, medianLoad, type Load, type Target } from './load.ts';
import { registerOneVersion } from './one-version.ts';

const ROUNDS = 3;
const SECONDS = 4;
const CONNECTIONS = [1, 32];

/**
 * Latency and throughput of registry reads. Two floors are measured in the same rounds: a bare Fastify route that returns
 * the same bytes, and one that reads a single table item.
 */
export async function benchApi(
  servers: Servers,
  say: (line: string) => void,
  example: Example,
): Promise<unknown> {
  const pair = `${example.model}/${example.set}`;
  const path = `/v1/pairs/${pair}`;
  const platform = await startPlatform(servers);
  const call = callAs(platform.api, platform.adminKey);
  say('training the version that will be read');
  await loadDataSet(platform.env, 'credit-card');
  await registerOneVersion(call, example);
  // Stop the workers, whose polling is not part of a request.
  await Promise.all(['worker', 'scoring'].map((name) => endProcess(servers.home, name)));

  const version = await call<unknown>('GET', `${path}/versions/1`);
  const bare = await startBare(servers, pair, JSON.stringify(version));
  const api = (name: string, route: string): Target => ({
    name,
    url: `${platform.api}${route}`,
    key: platform.adminKey,
  });
  const targets: readonly Target[] = [
    { name: 'bare route', url: `${bare}/fixed` },
    { name: 'bare item', url: `${bare}/item` },
    api('version', `${path}/versions/1`),
    api('versions', `${path}/versions`),
    api('search', '/v1/search'),
  ];
  // Warm up every process before the first round.
  for (const target of targets) await load(target, 32, 2);

  const measured: Load[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    say(`round ${round} of ${ROUNDS}`);
    for (const connections of CONNECTIONS)
      for (const target of targets) measured.push(await load(target, connections, SECONDS));
  }
  const of = (name: string, connections: number): Load =>
    medianLoad(measured.filter((one) => one.name === name && one.connections === connections));
  const versionShare = (floor: string, connections: number) =>
    ratio(of('version', connections).per_second, of(floor, connections).per_second);
  return {
    bench: 'api',
    reads: CONNECTIONS.flatMap((connections) => targets.map(({ name }) => of(name, connections))),
    version_per_bare_item: { alone: versionShare('bare item', 1), at_32: versionShare('bare item', 32) },
    version_per_bare_route: { alone: versionShare('bare route', 1), at_32: versionShare('bare route', 32) },
  };
}

/** The item is the version's stage, which every read of a version also reads. */
async function startBare(servers: Servers, pair: string, answer: string): Promise<string> {
  const { record } = await startProcess(servers.home, {
    name: 'bare',
    command: [process.execPath, join(ROOT, 'bench/api/bare.ts'), answer, `pair#${pair}`, 'stage#00000001'],
    env: servers.env,
    cwd: ROOT,
    ready: saysReady,
  });
  const ready = logOf(record)
    .split('\n')
    .find((line) => line.startsWith('{"ready"'));
  return (JSON.parse(ready ?? '{}') as { readonly url: string }).url;
}
