import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import { createS3ObjectStore, ensureBucket } from '#platform/objects/s3-object-store.ts';
import { makeLoopbackCertificate } from '#local/certificate.ts';
import { portNumbers, type Ports } from '#local/ports.ts';

const env = readEnvironment();
const ports = JSON.parse(readFileSync(resolve(env.MILLRACE_HOME, 'ports.json'), 'utf8')) as Ports;
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS'] as const;
const KEY = 'closed-lake/object.txt';
const PAGE = { origin: 'http://evil.example', 'access-control-request-method': 'PUT' };

interface Answer {
  /** Undefined where the connection was refused or broken off. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

interface Call {
  readonly port: number;
  readonly path: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Over TLS, with a certificate of another home where one is given. */
  readonly tls?: { readonly key?: string; readonly cert?: string };
}

function call({ port, path, method, headers = {}, tls }: Call): Promise<Answer> {
  const options = { host: '127.0.0.1', port, path, method, headers, agent: false, timeout: 5_000 };
  return new Promise((done) => {
    const broken = () => done({ status: undefined, headers: {}, text: '' });
    const sent =
      tls === undefined
        ? httpRequest(options, answered)
        : httpsRequest({ ...options, ...tls, rejectUnauthorized: false }, answered);
    function answered(response: IncomingMessage) {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('error', broken);
      response.on('end', () => done({ status: response.statusCode, headers: { ...response.headers }, text }));
    }
    sent.on('timeout', () => sent.destroy());
    sent.on('error', broken);
    sent.end(method === 'PUT' || method === 'POST' ? 'evil' : undefined);
  });
}

function corsOf({ headers }: Answer): readonly string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control-allow'));
}

describe('the lake of a home', { concurrency: false }, () => {
  before(async () => {
    await ensureBucket(env);
    await using store = createS3ObjectStore(env);
    await store.put(KEY, 'kept');
  });
  after(async () => {
    await using store = createS3ObjectStore(env);
    assert.equal((await store.get(KEY)).toString(), 'kept', 'nothing below changed it, and keys open it');
  });

  const inner = ['seaweed_filer', 'seaweed_volume', 'seaweed_master'] as const;
  for (const name of inner) {
    const paths = [
      `/buckets/${env.MILLRACE_BUCKET}/${KEY}`,
      '/',
      '/status',
      '/dir/assign',
      '/submit',
      '/1,01637037d6',
      `/col/delete?collection=${env.MILLRACE_BUCKET}`,
    ];
    it(`has a port ${name} that answers nobody without the home's certificate`, async () => {
      for (const method of METHODS) {
        for (const path of paths) {
          for (const headers of [{}, PAGE]) {
            const plain = await call({ port: ports[name], path, method, headers });
            // Go's TLS server answers plain HTTP with this and hangs up.
            assert.ok(
              plain.status === undefined || plain.status === 400,
              `${method} ${path}: ${plain.status}`,
            );
            assert.deepEqual(corsOf(plain), []);
          }
          const secure = await call({ port: ports[name], path, method, headers: PAGE, tls: {} });
          assert.equal(secure.status, undefined, `${method} ${path} over TLS`);
        }
      }
      const foreign = makeLoopbackCertificate();
      const stranger = await call({ port: ports[name], path: '/', method: 'GET', tls: foreign });
      assert.equal(stranger.status, undefined, 'the certificate of another home');
    });
  }

  it('has gRPC ports that take no connection without the certificate either', async () => {
    for (const name of [...inner, 's3'] as const) {
      const [, grpc = 0] = portNumbers(name, ports[name]);
      const plain = await call({ port: grpc, path: '/', method: 'POST' });
      assert.equal(plain.status, undefined, name);
      const secure = await call({ port: grpc, path: '/', method: 'POST', tls: {} });
      assert.equal(secure.status, undefined, `${name} over TLS`);
    }
  });

  it('is refused on the S3 port without keys, and no page may read the refusal', async () => {
    for (const headers of [{}, PAGE]) {
      for (const method of METHODS) {
        for (const path of [`/${env.MILLRACE_BUCKET}/${KEY}`, `/${env.MILLRACE_BUCKET}/new.txt`]) {
          const answer = await call({ port: ports.s3, path, method, headers });
          // SeaweedFS knows no POST to an object; its answer to that has headers of its own and nothing of the lake.
          if (method === 'POST') {
            assert.equal(answer.status, 405, answer.text);
            continue;
          }
          assert.deepEqual(corsOf(answer), [], `${method} ${path}`);
          // Asked by no page, OPTIONS tells nothing.
          if (method === 'OPTIONS' && headers !== PAGE) assert.equal(answer.text, '');
          else assert.equal(answer.status, 403, `${method} ${path}`);
        }
      }
      const list = await call({
        port: ports.s3,
        path: `/${env.MILLRACE_BUCKET}?list-type=2`,
        method: 'GET',
        headers,
      });
      assert.equal(list.status, 403, list.text);
    }
  });

  it('tells a page nothing of the lake on paths of no bucket, which any page may read', async () => {
    for (const method of METHODS) {
      for (const path of ['/', '/status', '/healthz']) {
        const { status, text } = await call({ port: ports.s3, path, method, headers: PAGE });
        assert.ok(!text.includes(env.MILLRACE_BUCKET), `${method} ${path}: ${text}`);
        const isProbe = path !== '/' && (method === 'GET' || method === 'HEAD');
        if (isProbe) assert.equal(text, '', `${method} ${path}`);
        else assert.ok([undefined, 403, 405].includes(status), `${method} ${path}: ${status}`);
      }
    }
  });

  it('has keys that no other home has', () => {
    const path = join(resolve(env.MILLRACE_HOME), 'seaweedfs', 's3-keys.json');
    const keys = JSON.parse(readFileSync(path, 'utf8')) as { secretKey: string };
    assert.equal(keys.secretKey, env.AWS_SECRET_ACCESS_KEY);
    assert.match(keys.secretKey, /^[A-Za-z0-9_-]{32}$/);
  });
});

describe('DynamoDB Local', () => {
  const tables = (headers: Readonly<Record<string, string>>) =>
    call({
      port: ports.dynamodb,
      path: '/',
      method: 'POST',
      headers: {
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        'content-type': 'application/x-amz-json-1.0',
        authorization:
          'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
        ...headers,
      },
    });

  it('refuses what a web page may send, and tells the page nothing', async () => {
    const foreign = [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { host: 'evil.example' },
      { host: `evil.example:${String(ports.dynamodb)}` },
    ];
    for (const headers of foreign) {
      const answer = await tables(headers);
      assert.equal(answer.status, 403, JSON.stringify(headers));
      assert.deepEqual(corsOf(answer), []);
    }
  });
});
