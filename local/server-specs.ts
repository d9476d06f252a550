import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { tools } from './tools.ts';
import type { Ports } from './ports.ts';
import type { ProcessSpec } from './processes.ts';

/** Keys of the local object store; it listens on loopback only. DynamoDB Local takes any. */
export const LOCAL_KEYS = { accessKey: 'local', secretKey: 'localsecret' } as const;

export const SERVER_NAMES = ['temporal', 'dynamodb', 'seaweedfs'] as const;
export type ServerName = (typeof SERVER_NAMES)[number];

export function isServerName(name: string): name is ServerName {
  return SERVER_NAMES.some((server) => server === name);
}

export interface ServerPlan {
  /** Absolute. Each server keeps its data in a folder of its own below it. */
  readonly home: string;
  readonly ports: Ports;
  /** DynamoDB Local keeps its tables in memory: faster, and gone with the process. */
  readonly tableInMemory: boolean;
}

/** How each server is started, and how one knows that it answers. */
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
      // A search attribute is usable as soon as it is made, not a minute later.
      '--dynamic-config-value=system.forceSearchAttributesCacheRefreshOnRead=true',
    ],
    env: { TEMPORAL_CLI_SHOW_STACKS: '0' },
    // The UI answers later than the frontend; the frontend is what counts.
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
  const identities = join(folder, 'identities.json');
  writeFileSync(
    identities,
    `${JSON.stringify({
      identities: [
        {
          name: 'millrace',
          credentials: [LOCAL_KEYS],
          actions: ['Admin', 'Read', 'List', 'Tagging', 'Write'],
        },
      ],
    })}\n`,
    { mode: 0o600 },
  );
  const at = (port: number, path: string) => `http://127.0.0.1:${String(port)}${path}`;
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
      `-master.port=${String(ports.seaweed_master)}`,
      `-volume.port=${String(ports.seaweed_volume)}`,
      `-filer.port=${String(ports.seaweed_filer)}`,
      '-master.telemetry=false',
      // Alone, it need not wait ten seconds for a vote after a restart, nor before it stops.
      '-master.electionTimeout=1s',
      '-volume.preStopSeconds=0',
      '-master.volumeSizeLimitMB=256',
      '-volume.max=500',
    ],
    // A bucket begins with one volume instead of seven.
    env: { WEED_MASTER_VOLUME_GROWTH_COPY_1: '1' },
    cwd: folder,
    ready: async () =>
      (await answers(at(ports.seaweed_master, '/dir/assign'), (text) => text.includes('"fid"'))) &&
      (await answers(at(ports.seaweed_filer, '/'), () => true)) &&
      (await answers(at(ports.s3, '/healthz'), () => true)),
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

async function answers(url: string, accept: (text: string) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return accept(await response.text());
  } catch {
    return false; // not listening yet: the caller asks again
  }
}
