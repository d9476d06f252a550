import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { PORTS } from '#local/ports.ts';
import { ROOT, tools } from '#local/tools.ts';

interface Compose {
  readonly services: Readonly<Record<string, { readonly image: string; readonly ports?: readonly string[] }>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

const path = join(ROOT, 'temporal-compose.yml');
const compose = parse(readFileSync(path, 'utf8')) as Compose;

function checkSchema(file: string) {
  const args = ['--builtin-schema', 'vendor.compose-spec', file];
  return promisify(execFile)(join(tools.pythonBin, 'check-jsonschema'), args);
}

describe('temporal-compose.yml', () => {
  it('follows the compose schema, which sees a wrong key', async () => {
    await checkSchema(path);
    const wrong = join(tmpdir(), `millrace-compose-${String(process.pid)}.yml`);
    writeFileSync(wrong, 'services: { temporal: { image: a, prots: [] } }\n');
    try {
      await assert.rejects(checkSchema(wrong), (error: Error & { stdout?: string }) => {
        assert.match(error.stdout ?? '', /'prots' was unexpected/);
        return true;
      });
    } finally {
      rmSync(wrong);
    }
  });

  it('publishes the preferred ports, on loopback alone', () => {
    const published = Object.values(compose.services).flatMap(({ ports }) => ports ?? []);
    const hosts = published.map((port) => port.split(':').slice(0, 2).join(':'));
    const preferred = [PORTS.temporal, PORTS.temporal_ui, PORTS.dynamodb, PORTS.s3];
    assert.deepEqual(
      hosts,
      preferred.map((port) => `127.0.0.1:${String(port.preferred)}`),
    );
  });

  it('pins the version of every image', () => {
    for (const { image } of Object.values(compose.services)) assert.match(image, /:\d/);
  });

  it('takes the keys of the object store from the environment, and has no secret of its own', () => {
    const identities = JSON.parse(compose.configs['identities']?.content ?? '') as {
      identities: { credentials: { accessKey: string; secretKey: string }[] }[];
    };
    const [keys] = identities.identities[0]?.credentials ?? [];
    assert.match(keys?.accessKey ?? '', /^\$\{AWS_ACCESS_KEY_ID:\?/);
    assert.match(keys?.secretKey ?? '', /^\$\{AWS_SECRET_ACCESS_KEY:\?/);
  });
});
