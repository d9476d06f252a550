import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { AuditEntry } from '#access/audit-store.ts';
import type { Role } from '#access/principal.ts';
import { createRegistry } from '#registry/registry.ts';
import { approval, approvedVersion, deploymentOf, rules, trainedVersion } from '#test/support/registry.ts';
import { applyConfigs, FILES, PAIR } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';
import { storedItems } from './stored-items.ts';

/**
 * Every kind of bad input: the status and code that it gets, that a remedy comes with it, that nothing is stored, and that the
 * audit trail has it. A key that was used for another request is in idempotency-keys.test.ts, every text with hidden characters
 * in hidden-characters.test.ts.
 */
interface BadInput {
  readonly what: string;
  readonly as: Role;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as it is: no client has taken `..` out of it. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly refusal: readonly [status: number, code: string];
}

const pairPath = `/v1/pairs/${PAIR.model}/${PAIR.feature_set}`;
const reason = 'declines too many';
let running: RunningApp;
let port: number;

before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  await applyConfigs(table, objects);
  const past = createRegistry(table, objects, { now: () => new Date('2026-01-01T00:00:00.000Z') });
  const registry = createRegistry(table, objects);
  for (let count = 0; count < 2; count += 1) await approvedVersion(registry, objects, PAIR);
  for (const deployment of [1, 2]) {
    const due = `2026-02-0${deployment}T00:00:00.000Z`;
    await registry.schedule(deploymentOf(PAIR, deployment, deployment, due));
    await registry.promote({ pair: PAIR, deployment, dueBy: due, commandId: `promote-${deployment}` });
  }
  for (let count = 0; count < 2; count += 1) await past.registerVersion(await trainedVersion(objects, PAIR));
  await past.judge({ ...(await approval(past, PAIR, 3)), rules: rules({ high: { valid_days: 1 } }) });
  port = Number(new URL(await running.app.listen({ host: '127.0.0.1', port: 0 })).port);
});
after(() => running[Symbol.asyncDispose]());

async function send({ as, method, path, body, headers }: Omit<BadInput, 'what' | 'refusal'>) {
  const payload = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const sent = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: {
      authorization: `Bearer ${running.keyOf[as]}`,
      ...(payload !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
      }),
      ...headers,
    },
  });
  sent.end(payload);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, etag: response.headers.etag, body: JSON.parse(await text(response)) };
}

/** Everything in the table but the audit trail, and every object. */
async function stored() {
  const { table, objects } = running.deps;
  const found: string[] = [];
  for await (const { key, etag } of objects.list('')) found.push(`${key} ${etag}`);
  return { items: await storedItems(table, { without: 'audit' }), objects: found };
}

async function refused(bad: BadInput): Promise<void> {
  const before = await stored();
  const { status, body } = await send(bad);
  assert.deepEqual([status, body.code], bad.refusal, `${bad.what}: ${JSON.stringify(body)}`);
  assert.ok(body.remedy, bad.what);
  assert.deepEqual(await stored(), before, bad.what);
  const [entry] = (await running.ask('admin', { url: '/v1/audit?limit=1' })).json<{ items: AuditEntry[] }>()
    .items;
  const audited = [entry?.principal, entry?.method, entry?.path, entry?.status, entry?.code];
  assert.deepEqual(audited, [bad.as, bad.method, bad.path.split('?', 1)[0], ...bad.refusal], bad.what);
}

const change = (
  what: string,
  as: Role,
  path: string,
  body: unknown,
  status: number,
  code: string,
): BadInput => ({
  what,
  as,
  method: 'POST',
  path: path.startsWith('/v1') ? path : `${pairPath}/${path}`,
  body,
  refusal: [status, code],
});

const edited = (from: string, to: string) =>
  FILES.map(({ path, text: was }) => ({ path, text: was.replace(from, to) }));
/** Files in which one place differs from a valid config. */
const config = (what: string, from: string, to: string): BadInput =>
  change(what, 'scientist', '/v1/configs/plan', { files: edited(from, to) }, 422, 'CONFIG_INVALID');

const FIXED: readonly BadInput[] = [
  change(
    'files of another plan',
    'scientist',
    '/v1/configs/apply',
    { files: edited('cut_off: 0.4', 'cut_off: 0.5'), plan_digest: `1-${'d'.repeat(32)}` },
    409,
    'PLAN_FILES_CHANGED',
  ),
  change(
    'a plan on a revision that does not exist',
    'scientist',
    '/v1/configs/apply',
    { files: FILES, plan_digest: `77-${'d'.repeat(32)}` },
    409,
    'PLAN_STALE',
  ),
  change(
    'an unknown zone',
    'operator',
    'versions/1/deploy',
    { timezone: 'PST' },
    422,
    'CONFIG_TIMEZONE_UNKNOWN',
  ),
  change(
    'a cron line with both day fields',
    'operator',
    'versions/1/deploy',
    { schedule: '0 5 */2 * 1' },
    422,
    'CONFIG_CRON_INVALID',
  ),
  config('an unknown zone in a config', 'Europe/London', 'PST'),
  config('a cron line with both day fields in a config', "'0 5 * * *'", "'0 5 */2 * 1'"),
  change(
    'an approval of other evidence',
    'approver',
    'versions/4/approve',
    { reason, evidence: 'e'.repeat(32) },
    409,
    'EVIDENCE_CHANGED',
  ),
  change(
    'a deployment whose approval expired',
    'operator',
    'versions/3/deploy',
    { beside: true },
    409,
    'APPROVAL_EXPIRED',
  ),
  change(
    'a rollback that a promotion has overtaken',
    'operator',
    'rollback',
    { from_deployment: 1, reason },
    409,
    'DEPLOYMENT_MOVED',
  ),
  {
    what: 'a tag of 1 MB',
    as: 'scientist',
    method: 'PATCH',
    path: `${pairPath}/versions/1/tags`,
    body: { tags: { note: 'x'.repeat(1024 * 1024) } },
    refusal: [422, 'TAGS_OVER_LIMIT'],
  },
  change(
    'an import that names another pair',
    'scientist',
    'versions',
    { upload: '0'.repeat(32), as_of: '2020-03-01', model: 'other' },
    400,
    'REQUEST_INVALID',
  ),
  {
    what: 'an alias that names another pair',
    as: 'scientist',
    method: 'PUT',
    path: `${pairPath}/aliases/elsewhere`,
    body: { version: 1, model: 'other', feature_set: 'habits' },
    headers: { 'if-none-match': '*' },
    refusal: [400, 'REQUEST_INVALID'],
  },
  change(
    "Temporal's own scheduler",
    'operator',
    '/v1/workflows/temporal-sys-scheduler:reconcile-sweep/cancel',
    undefined,
    404,
    'WORKFLOW_NOT_FOUND',
  ),
  config('a source below a folder of the platform', 'raw/visits/', 'cards/'),
  change(
    'a reason that turns around',
    'operator',
    'versions/1/archive',
    { reason: 'safe \u202Eelbasnu' },
    400,
    'REQUEST_INVALID',
  ),
  change('a number in another form', 'operator', 'versions/0x1/archive', { reason }, 400, 'REQUEST_INVALID'),
  change(
    'the same in floating point',
    'operator',
    'versions/1e0/archive',
    { reason },
    400,
    'REQUEST_INVALID',
  ),
  change(
    'an unknown query parameter',
    'operator',
    'versions/1/archive?force=1',
    { reason },
    400,
    'REQUEST_INVALID',
  ),
  change('a body that is not JSON', 'operator', 'versions/1/archive', '{"reason":', 400, 'REQUEST_INVALID'),
  change('no body', 'operator', 'versions/1/archive', undefined, 400, 'REQUEST_INVALID'),
  {
    ...change(
      'a body of another type',
      'operator',
      'versions/1/archive',
      'reason=x',
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  {
    ...change('a body beyond the limit', 'scientist', '/v1/configs/plan', {}, 413, 'REQUEST_TOO_LARGE'),
    headers: { 'content-length': String(17 * 1024 * 1024) },
  },
  change('a role that does not suffice', 'viewer', 'versions/1/archive', { reason }, 403, 'FORBIDDEN'),
];

for (const bad of FIXED) test(`refuses ${bad.what}, stores nothing and audits it`, () => refused(bad));

/** As segments of their own and within one, plain and encoded once and twice. */
const TRAVERSAL = [
  '..',
  '.',
  '%2e%2e',
  '%2E%2e',
  '.%2e',
  '%252e%252e',
  '..%2f..%2fadmin',
  '..%5cx',
  'a%2fb',
  'a%00',
];

test('refuses names that lead elsewhere in every place of a path', async () => {
  for (const name of TRAVERSAL) {
    const places: readonly Pick<BadInput, 'method' | 'path' | 'body' | 'headers'>[] = [
      { method: 'POST', path: `/v1/pairs/${name}/habits/versions/1/archive`, body: { reason } },
      { method: 'POST', path: `/v1/pairs/buys/${name}/versions/1/archive`, body: { reason } },
      { method: 'POST', path: `${pairPath}/versions/${name}/archive`, body: { reason } },
      { method: 'POST', path: `/v1/models/${name}/trainings`, body: { as_of: '2020-03-01' } },
      { method: 'POST', path: `/v1/feature-sets/${name}/partitions`, body: { dt: '2020-03-01' } },
      { method: 'POST', path: `${pairPath}/deployments/${name}/cancel`, body: { reason } },
      {
        method: 'PUT',
        path: `${pairPath}/aliases/${name}`,
        body: { version: 1 },
        headers: { 'if-none-match': '*' },
      },
      { method: 'DELETE', path: `${pairPath}/versions/${name}`, body: { reason } },
    ];
    for (const place of places)
      await refused({ what: place.path, as: 'admin', refusal: [400, 'REQUEST_INVALID'], ...place });
    await refused({
      what: `the workflow ${name}`,
      as: 'admin',
      method: 'POST',
      path: `/v1/workflows/${name}/${name}/cancel`,
      refusal: [404, 'WORKFLOW_NOT_FOUND'],
    });
    await refused({
      what: `the key ${name}`,
      as: 'admin',
      method: 'DELETE',
      path: `/v1/keys/${name}`,
      refusal: [404, 'KEY_NOT_FOUND'],
    });
  }
});

test('refuses a plan once a document that it depends on has moved', async () => {
  const files = edited('cut_off: 0.4', 'cut_off: 0.5');
  const plan = { as: 'scientist', method: 'POST', path: '/v1/configs/plan', body: { files } } as const;
  const { plan_digest } = (await send(plan)).body;
  const { table, objects } = running.deps;
  await applyConfigs(table, objects, edited('Money spent so far', 'Money spent'));
  await refused(
    change('a stale plan', 'scientist', '/v1/configs/apply', { files, plan_digest }, 409, 'PLAN_STALE'),
  );
});

test('refuses an apply of more documents than a revision can name', async () => {
  const source = (number: number) =>
    `kind: Source\nname: s${String(number).padStart(61, '0')}\nowner: shop\nlocation: raw/s${number}/\nkeys: [a]\nknown_time: b\ncolumns: { a: string, b: date }\n`;
  const files = [0, 1, 2].map((file) => ({
    path: `many${file}.yaml`,
    text: Array.from({ length: 1_000 }, (_, index) => source(file * 1_000 + index)).join('---\n'),
  }));
  const plan = await send({ as: 'admin', method: 'POST', path: '/v1/configs/plan', body: { files } });
  assert.equal(plan.status, 200, JSON.stringify(plan.body).slice(0, 500));
  const { plan_digest } = plan.body;
  await refused(
    change(
      '3,000 documents',
      'admin',
      '/v1/configs/apply',
      { files, plan_digest },
      413,
      'STORE_ITEM_TOO_LARGE',
    ),
  );
});

test('refuses an approval whose reasons are more than the table holds', async () => {
  const { objects, table } = running.deps;
  // The entry of the dossier holds the gates and the waivers.
  const gates = Array.from({ length: 150 }, (_, index) => {
    const passed = index >= 50;
    return { gate: `${'門'.repeat(190)}${index}`, value: passed ? 1 : 0, min: 1, passed };
  });
  const registry = createRegistry(table, objects);
  const { version } = await registry.registerVersion(await trainedVersion(objects, PAIR, { gates }));
  const { evidence } = await approval(registry, PAIR, version);
  const reasons = '審'.repeat(2_000);
  const waivers = gates.filter(({ passed }) => !passed).map(({ gate }) => ({ gate, reason: reasons }));
  const approved = { reason, evidence, waivers };
  await refused(
    change('long waivers', 'approver', `versions/${version}/approve`, approved, 413, 'STORE_ITEM_TOO_LARGE'),
  );
});

test('refuses a move of an alias that has moved since', async () => {
  const path = `${pairPath}/aliases/champion`;
  const put = (version: number, headers: Readonly<Record<string, string>>) =>
    ({ as: 'scientist', method: 'PUT', path, body: { version }, headers }) as const;
  const { etag = '' } = await send(put(1, { 'if-none-match': '*' }));
  assert.equal((await send(put(2, { 'if-match': etag }))).status, 200);
  const what = 'an alias moved twice';
  await refused({ what, ...put(3, { 'if-match': etag }), refusal: [412, 'PRECONDITION_FAILED'] });
});

test('refuses an upload whose bytes are not those that were announced', async () => {
  const bytes = Buffer.from('a model');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const open = async () => {
    const files = [{ name: 'model.onnx', size: bytes.length, sha256 }];
    return (await send({ as: 'scientist', method: 'POST', path: `${pairPath}/uploads`, body: { files } }))
      .body;
  };
  const register = (what: string, upload: string, code: string) =>
    refused(change(what, 'scientist', 'versions', { upload, as_of: '2020-03-01' }, 409, code));
  const forged = await open();
  const { url, headers } = forged.files[0].request;
  const answer = await fetch(url, { method: 'PUT', headers, body: 'A MODEL' });
  assert.ok(answer.status >= 400, 'the store compares the digest');
  await register('an upload of another digest', forged.upload, 'UPLOAD_INCOMPLETE');
  const longer = await open();
  const key = `uploads/model=buys/feature_set=habits/upload=${longer.upload}/files/model.onnx`;
  await running.deps.objects.put(key, 'longer than announced');
  await register('an upload of another size', longer.upload, 'UPLOAD_SIZE_MISMATCH');
});
