import { join } from 'node:path';
import { loadDataSet } from '#local/load-data-set.ts';
import { startPlatform } from '#local/platform.ts';
import { logOf } from '#local/launch.ts';
import { endProcess, saysReady, startProcess } from '#local/processes.ts';
import type { Servers } from '#local/servers.ts';
import { ROOT } from '#local/tools.ts';
import { callAs } from '../call.ts';
import { ratio } from '../numbers.ts';
import { load, medianLoad, type Load, type Target } from './load.ts';
import { PAIR, registerOneVersion } from './one-version.ts';

const ROUNDS = 3;
const SECONDS = 4;
const CONNECTIONS = [1, 32];

/**
 * Latency and throughput of reads of the registry, with two floors in the same rounds: a bare Fastify route that answers the
 * same bytes, and one that reads one item of the table.
 */
export async function benchApi(servers: Servers, say: (line: string) => void): Promise<unknown> {
  const platform = await startPlatform(servers);
  const call = callAs(platform.api, platform.adminKey);
  say('one training, whose version is read');
  await loadDataSet(platform.env, 'credit-card');
  await registerOneVersion(call);
  // The workers' own polling is no part of a request.
  await Promise.all(['worker', 'scoring'].map((name) => endProcess(servers.home, name)));

  const version = await call<unknown>('GET', `${PAIR}/versions/1`);
  const bare = await startBare(servers, JSON.stringify(version));
  const api = (name: string, path: string): Target => ({
    name,
    url: `${platform.api}${path}`,
    key: platform.adminKey,
  });
  const targets: readonly Target[] = [
    { name: 'bare route', url: `${bare}/fixed` },
    { name: 'bare item', url: `${bare}/item` },
    api('version', `${PAIR}/versions/1`),
    api('versions', `${PAIR}/versions`),
    api('search', '/v1/search'),
  ];
  // Every process is warm before the first round counts.
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

/** The item is the version's stage, which every read of a version reads too. */
async function startBare(servers: Servers, answer: string): Promise<string> {
  const [, , , model, set] = PAIR.split('/');
  const { record } = await startProcess(servers.home, {
    name: 'bare',
    command: [
      process.execPath,
      join(ROOT, 'bench/api/bare.ts'),
      answer,
      `pair#${model}/${set}`,
      'stage#00000001',
    ],
    env: servers.env,
    cwd: ROOT,
    ready: saysReady,
  });
  const ready = logOf(record)
    .split('\n')
    .find((line) => line.startsWith('{"ready"'));
  return (JSON.parse(ready ?? '{}') as { readonly url: string }).url;
}
