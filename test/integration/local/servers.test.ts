import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { createS3ObjectStore, ensureBucket } from '#platform/objects/s3-object-store.ts';
import { ensureTable, openTable } from '#platform/table/table.ts';
import { openTemporalClient } from '#platform/temporal/connection.ts';
import { PORTS } from '#local/ports.ts';
import { forgetHome, innerHome, startServers, statusOfServers, type Servers } from '#local/servers.ts';

/** Away from the homes of this checkout and of its neighbours. */
const portOffset = 300 + (process.pid % 300);
const home = resolve(innerHome(readEnvironment().MILLRACE_HOME, 'servers'));
let squatter: Server | undefined;
after(async () => {
  squatter?.close();
  await forgetHome(home);
});

async function pids(): Promise<Record<string, number>> {
  const status = await statusOfServers(home);
  return Object.fromEntries(status.filter(({ running }) => running).map(({ name, pid }) => [name, pid]));
}

describe('the servers of a home', { concurrency: false }, () => {
  const said: string[] = [];
  let servers: Servers;

  it('come up beside a program that has one of their ports, and say which', async () => {
    const taken = PORTS.s3.preferred + portOffset;
    squatter = createServer();
    await new Promise<void>((done) => squatter?.listen(taken, '127.0.0.1', done));
    servers = await startServers(home, { portOffset, say: (line) => said.push(line) });
    assert.notEqual(servers.ports.s3, taken);
    assert.ok(
      said.some((line) => line.includes(`${String(taken)} (SeaweedFS S3)`)),
      said.join('\n'),
    );
    assert.deepEqual(Object.keys(await pids()), ['dynamodb', 'seaweedfs', 'temporal']);
  });

  it('answer to what children are told in their environment', async () => {
    const env = readEnvironment(servers.env);
    await ensureBucket(env);
    await using objects = createS3ObjectStore(env);
    await objects.put('kept/object.txt', 'kept');
    const table = openTable(env);
    await ensureTable(table);
    table.client.destroy();
    const temporal = openTemporalClient(env);
    await temporal.workflow.start('kept', { workflowId: 'kept', taskQueue: 'nobody' });
    await temporal.connection.close();
  });

  it('are adopted by the next start, on the same ports', async () => {
    const before = await pids();
    const again = await startServers(home, { portOffset });
    assert.deepEqual(again.adopted, ['temporal', 'dynamodb', 'seaweedfs']);
    assert.deepEqual(again.ports, servers.ports);
    assert.deepEqual(await pids(), before);
  });

  it('keep everything over kill -9 of each, and come back on the same port', async () => {
    for (const name of ['temporal', 'dynamodb', 'seaweedfs'] as const) await servers.kill(name);
    assert.deepEqual(await pids(), {});
    await Promise.all((['temporal', 'dynamodb', 'seaweedfs'] as const).map((name) => servers.start(name)));
    await assertKept();
  });

  it('keep everything over an orderly stop and a new start, the objects put just before it too', async () => {
    const env = readEnvironment(servers.env);
    await using objects = createS3ObjectStore(env);
    const keys = Array.from({ length: 200 }, (_, i) => `last/${String(i)}`);
    await Promise.all(keys.map((key) => objects.put(key, key.repeat(500))));
    const began = Date.now();
    await servers.end('seaweedfs');
    assert.ok(Date.now() - began < 4_000, `it took ${String(Date.now() - began)} ms`);
    assert.deepEqual(Object.keys(await pids()), ['dynamodb', 'temporal']);
    const again = await startServers(home, { portOffset });
    assert.deepEqual(again.adopted, ['temporal', 'dynamodb']);
    for (const key of keys) assert.equal((await objects.get(key)).toString(), key.repeat(500));
    await assertKept();
  });

  it('listen on loopback alone', { skip: process.platform !== 'linux' }, async () => {
    const own = new Set(
      Object.values(servers.ports).map((port) => port.toString(16).toUpperCase().padStart(4, '0')),
    );
    const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
      readFileSync(path, 'utf8').split('\n'),
    );
    const addresses = lines.flatMap((line) => {
      const [, local, , state] = line.trim().split(/\s+/);
      const [address, port] = local?.split(':') ?? [];
      return state === '0A' && port !== undefined && own.has(port) ? [address] : [];
    });
    assert.ok(addresses.length >= 7, `found ${String(addresses.length)} listeners`);
    const loopback = ['0100007F', '0000000000000000FFFF00000100007F'];
    assert.deepEqual(new Set(addresses.filter((address) => !loopback.includes(address ?? ''))), new Set());
  });

  it('keep their data where no other user may look', () => {
    assert.equal(statSync(home).mode & 0o777, 0o700);
    for (const secret of ['s3-keys.json', 'identities.json', 'parts-key.pem', 'security.toml']) {
      assert.equal(statSync(join(home, 'seaweedfs', secret)).mode & 0o777, 0o600, secret);
    }
  });

  it('are gone, folder and all, once the home is forgotten', async () => {
    await forgetHome(home);
    assert.deepEqual(await statusOfServers(home), []);
  });

  async function assertKept(): Promise<void> {
    const env = readEnvironment(servers.env);
    await using objects = createS3ObjectStore(env);
    assert.equal((await objects.get('kept/object.txt')).toString(), 'kept');
    const table = openTable(env);
    // Throws where the table is not there.
    await ensureTable(table);
    table.client.destroy();
    const temporal = openTemporalClient(env);
    const { status } = await temporal.workflow.getHandle('kept').describe();
    await temporal.connection.close();
    assert.equal(status.name, 'RUNNING');
  }
});
