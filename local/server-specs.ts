import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { tools } from './tools.ts';
import { partsCertificateOf, writeStoreSecrets } from './seaweedfs-secrets.ts';
import type { Ports } from './ports.ts';
import type { ProcessSpec } from './launch.ts';

export const SERVER_NAMES = ['temporal', 'dynamodb', 'seaweedfs'] as const;
export type ServerName = (typeof SERVER_NAMES)[number];

export function isServerName(name: string): name is ServerName {
  return SERVER_NAMES.some((server) => server === name);
}

/** An origin that no web page can have (RFC 2606), because SeaweedFS fails on an empty list. */
const NO_ORIGIN = 'http://millrace.invalid';

export interface ServerPlan {
  /** Absolute path. Each server keeps its data in its own folder below it. */
  readonly home: string;
  readonly ports: Ports;
  /** DynamoDB Local keeps its tables in memory: faster, but lost when the process ends. */
  readonly tableInMemory: boolean;
}

/** How to start each server, and how to check that it is ready. */
export function serverSpec(name: ServerName, plan: ServerPlan): ProcessSpec {
  switch (name) {
    case 'temporal':
      return temporal(plan);
    case 'dynamodb':
      return dynamodb(plan);
    case 'seaweedfs':
      return seaweedfs(plan);
  }
}

function temporal({ home, ports }: ServerPlan): ProcessSpec {
  const folder = folderFor(home, 'temporal');
  const address = `127.0.0.1:${String(ports.temporal)}`;
  return {
    name: 'temporal',
    command: [
      tools.temporal,
      'server',
      'start-dev',
      '--ip=127.0.0.1',
      `--port=${String(ports.temporal)}`,
      '--ui-ip=127.0.0.1',
      `--ui-port=${String(ports.temporal_ui)}`,
      '--ui-disable-news-fetch',
      `--db-filename=${join(folder, 'temporal.db')}`,
      '--log-level=warn',
      // By default, every transaction waits for the disk. With this, nothing is lost when a process dies, and at most the last
      // moments when the machine does, which the registry makes up for. The server does more than twice as much work.
      '--sqlite-pragma=journal_mode=WAL',
      '--sqlite-pragma=synchronous=NORMAL',
      // Makes a search attribute usable as soon as it is created, not a minute later.
      '--dynamic-config-value=system.forceSearchAttributesCacheRefreshOnRead=true',
      // Work that waits for a slot is shared between teams, not taken in order of arrival.
      '--dynamic-config-value=matching.enableFairness=true',
      // Each partition of a queue has an order of its own, so a single task would wait for its partition to be asked.
      '--dynamic-config-value=matching.numTaskqueueReadPartitions=1',
      '--dynamic-config-value=matching.numTaskqueueWritePartitions=1',
      // By default, a history shard reads its new tasks at most 20 times a second, and this server has only one shard: workflows
      // that run one after the other would take 50 ms for each step.
      '--dynamic-config-value=history.transferProcessorMaxPollRPS=1000',
      // Shows within seconds, not minutes, that no run needs the workers of an old build any more.
      '--dynamic-config-value=matching.wv.VersionDrainageStatusVisibilityGracePeriod="5s"',
      '--dynamic-config-value=matching.wv.VersionDrainageStatusRefreshInterval="5s"',
    ],
    env: { TEMPORAL_CLI_SHOW_STACKS: '0' },
    // Only the frontend must be ready; the UI is ready later.
    ready: async () =>
      (await connects(ports.temporal)) &&
      (await succeeds(tools.temporal, ['operator', 'cluster', 'health', '--address', address])) &&
      (await succeeds(tools.temporal, [
        'operator',
        'namespace',
        'describe',
        'default',
        '--address',
        address,
      ])),
  };
}

function dynamodb({ home, ports, tableInMemory }: ServerPlan): ProcessSpec {
  const folder = folderFor(home, 'dynamodb');
  const lib = join(tools.dynamodb, 'lib');
  return {
    name: 'dynamodb',
    command: [
      'java',
      '-Xmx512m',
      '-XX:+UseSerialGC',
      `-Djava.library.path=${lib}`,
      '-cp',
      `${join(tools.dynamodb, 'classes')}:${join(lib, '*')}`,
      'LoopbackDynamoDb',
      '-port',
      String(ports.dynamodb),
      '-sharedDb',
      '-disableTelemetry',
      ...(tableInMemory ? ['-inMemory'] : ['-dbPath', folder]),
    ],
    env: {},
    cwd: folder,
    ready: () => answers(`http://127.0.0.1:${String(ports.dynamodb)}/`, () => true),
  };
}

function seaweedfs({ home, ports }: ServerPlan): ProcessSpec {
  const folder = folderFor(home, 'seaweedfs');
  const identities = writeStoreSecrets(home);
  const masterAssigns = (): Promise<boolean> =>
    answersWithCertificate(home, ports.seaweed_master, '/dir/assign', (answer) => answer.includes('"fid"'));
  return {
    name: 'seaweedfs',
    command: [
      tools.seaweed,
      'server',
      '-ip=127.0.0.1',
      '-ip.bind=127.0.0.1',
      `-dir=${folder}`,
      '-filer',
      '-s3',
      `-s3.port=${String(ports.s3)}`,
      `-s3.config=${identities}`,
      '-s3.port.iceberg=0',
      '-s3.port.lance=0',
      '-s3.iam=false',
      // No web page may read a response; the default allows all of them. On paths of no bucket, such as `/status` and the
      // refusal at `/`, SeaweedFS allows every origin in its code, without a setting; they hold nothing of the lake.
      `-s3.allowedOrigins=${NO_ORIGIN}`,
      `-filer.allowedOrigins=${NO_ORIGIN}`,
      `-master.port=${String(ports.seaweed_master)}`,
      `-volume.port=${String(ports.seaweed_volume)}`,
      `-filer.port=${String(ports.seaweed_filer)}`,
      '-master.telemetry=false',
      // A single server need not wait ten seconds for an election after a restart, or before it stops.
      '-master.electionTimeout=1s',
      '-volume.preStopSeconds=0',
      '-master.volumeSizeLimitMB=256',
      '-volume.max=500',
    ],
    // A new bucket gets one volume instead of seven.
    env: { WEED_MASTER_VOLUME_GROWTH_COPY_1: '1' },
    cwd: folder,
    ready: async () =>
      (await masterAssigns()) &&
      (await answersWithCertificate(home, ports.seaweed_filer, '/', () => true)) &&
      (await answers(`http://127.0.0.1:${String(ports.s3)}/healthz`, () => true)),
  };
}

function folderFor(home: string, name: string): string {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function connects(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((done) => {
    execFile(program, args, { timeout: 10_000 }, (error) => done(error === null));
  });
}

/** Whether a SeaweedFS component responds. It refuses connections without the home's certificate. */
async function answersWithCertificate(
  home: string,
  port: number,
  path: string,
  accept: (answer: string) => boolean,
): Promise<boolean> {
  const { key, cert } = partsCertificateOf(home);
  const signal = AbortSignal.timeout(2_000);
  const asked = request({ host: '127.0.0.1', port, path, key, cert, ca: cert, agent: false, signal });
  asked.end();
  try {
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return accept(await text(response));
  } catch {
    return false; // not listening yet: the caller asks again
  }
}

async function answers(url: string, accept: (text: string) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return accept(await response.text());
  } catch {
    return false; // not listening yet: the caller asks again
  }
}
