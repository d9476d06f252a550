import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { applyConfigs, PAIR } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

let running: RunningApp;
let hoursLater = 0;
before(async () => {
  running = await runningApp({ now: () => new Date(Date.now() + hoursLater * 3_600_000) });
  await applyConfigs(running.deps.table, running.deps.objects);
});
after(() => running[Symbol.asyncDispose]());

const pairPath = `/v1/pairs/${PAIR.model}/${PAIR.feature_set}`;
const MODEL = Buffer.from('a model');

function fileOf(body: Buffer, name = 'model.onnx') {
  return { name, size: body.length, sha256: createHash('sha256').update(body).digest('hex') };
}

const post = (path: string, payload: object, key?: string) =>
  running.ask('scientist', {
    method: 'POST',
    url: path.startsWith('/') ? path : `${pairPath}/${path}`,
    payload,
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });

async function opened(body = MODEL, key?: string) {
  const answer = await post('uploads', { files: [fileOf(body)] }, key);
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json<{
    upload: string;
    expires_at: string;
    files: [{ request: { url: string; headers: Record<string, string> } }];
  }>();
}

/** Sends the file as its owner would: to the signed URL, without a key of the API. */
async function send({ files: [{ request }] }: Awaited<ReturnType<typeof opened>>, body = MODEL) {
  const { url, headers } = request;
  return (await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) })).status;
}

const register = (upload: string, more: object = {}) =>
  post('versions', { upload, as_of: '2020-03-01', ...more });

async function refused(answer: Awaited<ReturnType<typeof post>>, status: number, code: string) {
  assert.deepEqual([answer.statusCode, answer.json().code], [status, code], answer.body);
  assert.ok(answer.json().remedy);
}

test('an uploaded model is imported by one run, however often it is asked for', async () => {
  const upload = await opened();
  assert.equal(await send(upload), 200);
  const [first, second] = await Promise.all([register(upload.upload), register(upload.upload)]);
  assert.equal(first.statusCode, 202, first.body);
  assert.match(first.json().workflow_id, /^import\/buys\/habits\/[0-9a-f]{32}\/2020-03-01$/);
  assert.equal(second.json().run_id, first.json().run_id);
  const same = await opened();
  assert.notEqual(same.upload, upload.upload);
  assert.equal(await send(same), 200);
  assert.equal((await register(same.upload)).json().run_id, first.json().run_id);
});

test('an upload asked for twice with one key is one upload; the key is good for these files only', async () => {
  const [first, second] = await Promise.all([opened(MODEL, 'k-1'), opened(MODEL, 'k-1')]);
  assert.equal(second.upload, first.upload);
  assert.equal(second.expires_at, first.expires_at);
  const other = await post('uploads', { files: [fileOf(Buffer.from('another'))] }, 'k-1');
  await refused(other, 409, 'COMMAND_ID_REUSED');
});

test('files that make no version are refused before they are sent', async () => {
  const attached = (name: string) => fileOf(Buffer.from('x'), name);
  const many = Array.from({ length: 10 }, (_, index) => attached(`file${index}`));
  const cases: [object[], string][] = [
    [[attached('notes.txt')], 'UPLOAD_FILES_INVALID'],
    [[fileOf(MODEL), fileOf(MODEL)], 'UPLOAD_FILES_INVALID'],
    [[fileOf(MODEL), ...many], 'UPLOAD_FILES_INVALID'],
    [[fileOf(MODEL), attached('manifest.json')], 'UPLOAD_FILES_INVALID'],
    [[fileOf(MODEL), attached('model.pkl')], 'UPLOAD_FILES_INVALID'],
    [[{ ...fileOf(MODEL), size: 2 ** 31 }], 'UPLOAD_TOO_LARGE'],
  ];
  for (const [files, code] of cases) await refused(await post('uploads', { files }), 422, code);
  const wrong: object[] = [
    { ...fileOf(MODEL), name: '../model.onnx' },
    { ...fileOf(MODEL), name: '..%2fmodel.onnx' },
    { ...fileOf(MODEL), size: 0 },
    { ...fileOf(MODEL), size: -1 },
    { ...fileOf(MODEL), sha256: 'A'.repeat(64) },
  ];
  for (const file of wrong) await refused(await post('uploads', { files: [file] }), 400, 'REQUEST_INVALID');
  await refused(await post('uploads', { files: [] }), 400, 'REQUEST_INVALID');
});

test('an upload belongs to its pair, and a pair is what the config of its model names', async () => {
  const upload = await opened();
  await refused(
    await post('/v1/pairs/buys/others/uploads', { files: [fileOf(MODEL)] }),
    409,
    'PAIR_NOT_CONFIGURED',
  );
  const elsewhere = { upload: upload.upload, as_of: '2020-03-01' };
  await refused(await post('/v1/pairs/buys/others/versions', elsewhere), 409, 'PAIR_NOT_CONFIGURED');
  await refused(await register('0'.repeat(32)), 404, 'UPLOAD_NOT_FOUND');
  await refused(await register('../../x'), 400, 'REQUEST_INVALID');
  await refused(await register(upload.upload, { model: 'another' }), 400, 'REQUEST_INVALID');
});

test('files that have not arrived, or arrived otherwise, reach no workflow', async () => {
  const upload = await opened(Buffer.from('never sent'));
  await refused(await register(upload.upload), 409, 'UPLOAD_INCOMPLETE');
  assert.ok((await send(upload, Buffer.from('forged bod'))) >= 400);
  await refused(await register(upload.upload), 409, 'UPLOAD_INCOMPLETE');
  const key = `uploads/model=buys/feature_set=habits/upload=${upload.upload}/files/model.onnx`;
  await running.deps.objects.put(key, 'longer than announced');
  await refused(await register(upload.upload), 409, 'UPLOAD_SIZE_MISMATCH');
});

test('wrong dates reach no workflow', async () => {
  const upload = await opened();
  await send(upload);
  await refused(await register(upload.upload, { as_of: '2999-01-01' }), 422, 'DATE_IN_FUTURE');
  await refused(await register(upload.upload, { as_of: '2020-01-31' }), 422, 'TRAINING_NO_LABELLED_DATE');
});

test('an upload expires', async () => {
  const upload = await opened(Buffer.from('too late'), 'k-2');
  await send(upload, Buffer.from('too late'));
  hoursLater = 7;
  try {
    await refused(await register(upload.upload), 409, 'UPLOAD_EXPIRED');
    const again = await post('uploads', { files: [fileOf(Buffer.from('too late'))] }, 'k-2');
    await refused(again, 409, 'UPLOAD_EXPIRED');
  } finally {
    hoursLater = 0;
  }
});
