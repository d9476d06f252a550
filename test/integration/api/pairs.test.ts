import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { InjectOptions } from 'fastify';
import { buildCard } from '#registry/cards/build-card.ts';
import { writeCard } from '#registry/cards/card-store.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import { applyConfigs } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';
import { cardFiles, cardInput } from '#test/support/cards.ts';
import { deploymentOf, trainedVersion } from '#test/support/registry.ts';

const pair = { model: 'miss_risk', feature_set: 'behaviour' };
const base = '/v1/pairs/miss_risk/behaviour';
const DUE = '2026-02-01T00:00:00.000Z';

describe('the registry over HTTP', () => {
  let api: RunningApp;
  let registry: Registry;

  before(async () => {
    api = await runningApp();
    const { table, objects } = api.deps;
    registry = createRegistry(table, objects, { now: () => new Date(DUE) });
    await applyConfigs(table, objects, cardFiles());
    const { text } = buildCard(cardInput());
    const card = await writeCard(objects, text);
    for (const author of ['ada', 'approver']) {
      const command = await trainedVersion(objects, pair, { author });
      await registry.registerVersion({ ...command, card: { ...card, missing: [] } });
    }
  });
  after(() => api[Symbol.asyncDispose]());

  async function get(url: string, status = 200): Promise<Record<string, unknown>> {
    const answer = await api.ask('viewer', { method: 'GET', url });
    assert.equal(answer.statusCode, status, answer.body);
    return answer.json<Record<string, unknown>>();
  }

  async function shows(url: string, expected: object, status = 200): Promise<void> {
    assert.partialDeepStrictEqual(await get(url, status), expected);
  }

  async function post(url: string, payload: InjectOptions['payload'] & object, status: number, key?: string) {
    const answer = await api.ask('approver', {
      method: 'POST',
      url,
      payload,
      ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    });
    assert.equal(answer.statusCode, status, answer.body);
    return answer.json<Record<string, unknown>>();
  }

  it('lets an approver approve once, gives a repeated request its first answer, and the author none', async () => {
    const url = `${base}/versions/1/approve`;
    const { evidence } = await get(`${base}/versions/1`);
    await post(url, { reason: '', evidence }, 400);
    await post(url, { reason: 'unseen' }, 400);
    const stale = await post(url, { reason: 'seen before', evidence: 'e'.repeat(32) }, 409);
    assert.equal(stale['code'], 'EVIDENCE_CHANGED');
    const first = await post(url, { reason: 'fits the policy', evidence }, 200, 'approve-1');
    assert.equal(first['stage'], 'approved');
    assert.deepEqual(await post(url, { reason: 'fits the policy', evidence }, 200, 'approve-1'), first);
    assert.equal((await post(url, { reason: 'again', evidence }, 409))['code'], 'VERSION_ALREADY_JUDGED');
    const { evidence: second } = await get(`${base}/versions/2`);
    const own = await post(`${base}/versions/2/approve`, { reason: 'mine', evidence: second }, 403);
    assert.equal(own['code'], 'APPROVER_IS_AUTHOR');
    assert.equal(
      (await post(`${base}/versions/9/approve`, { reason: 'x', evidence }, 404))['code'],
      'VERSION_NOT_FOUND',
    );
  });

  it('shows pairs, versions, deployments, history by time and the dossier, page by page', async () => {
    await registry.schedule(deploymentOf(pair, 1, 1, DUE));
    await registry.promote({ pair, deployment: 1, dueBy: DUE, commandId: 'promote' });
    await shows('/v1/models', { items: [{ ...pair, live: { version: 1 } }] });
    await shows(base, { live: { version: 1 }, last_version: 2, rollback_target: null });
    const page = await get(`${base}/versions?limit=1`);
    assert.partialDeepStrictEqual(page, { items: [{ version: 2, stage: 'registered' }] });
    const next = encodeURIComponent(String(page['next']));
    await shows(`${base}/versions?limit=1&after=${next}`, { items: [{ version: 1, stage: 'live' }] });
    const { artifacts } = await get(`${base}/versions/1`);
    assert.match(JSON.stringify(artifacts), /"uri":"s3:\/\/[^"]*model\.onnx"/);
    await shows(`${base}/deployments`, { items: [{ deployment: 1, status: 'live' }] });
    await shows(`${base}/history?at=2026-02-01T00:00:00Z`, { items: [{ version: 1, live_from: DUE }] });
    await shows(`${base}/history?at=2026-01-31T00:00:00Z`, { code: 'NO_LIVE_VERSION' }, 404);
    await shows(`${base}/history?at=lately`, { code: 'INSTANT_INVALID' }, 400);
    await shows(`${base}/dossier`, { items: [{ seq: 1 }, { seq: 5, kind: 'deployment_promoted' }] });
    await shows(`${base}/dossier/verify`, { verified: true, entries: 5 });
    await shows('/v1/search?stage=live', { items: [{ ...pair, version: 1 }] });
    await shows('/v1/search?feature_set=behaviour', { code: 'REQUEST_INVALID' }, 400);
    await shows(`${base}/versions?after=x`, { code: 'PAGE_TOKEN_INVALID' }, 400);
    await shows('/v1/pairs/no/such', { code: 'PAIR_NOT_FOUND' }, 404);
  });

  it('gives a card as JSON, Markdown, a page and CycloneDX, with its approval', async () => {
    const url = `${base}/versions/1/card`;
    await shows(url, {
      identity: { status: 'live' },
      control: {
        approval_rule: { tier: 'high', approvals: 1, role: 'approver', author_may_approve: false },
        approvals: [{ principal: 'approver', by_author: false }],
      },
    });
    const types = { markdown: /text\/markdown/, html: /text\/html/, cyclonedx: /vnd\.cyclonedx\+json/ };
    for (const [format, type] of Object.entries(types)) {
      const answer = await api.ask('viewer', { method: 'GET', url: `${url}?format=${format}` });
      assert.equal(answer.statusCode, 200, answer.body);
      assert.match(String(answer.headers['content-type']), type);
      assert.match(answer.body, /miss.*risk/);
    }
    await shows('/v1/schemas/model-card', { title: 'Millrace model card' });
  });

  it('says that a stored card was tampered with rather than showing it', async () => {
    const { card_key } = await registry.version(pair, 1);
    const { objects } = api.deps;
    const body = await objects.get(card_key);
    await objects.put(card_key, body.toString('utf8').replace('ada', 'eve'));
    await shows(`${base}/versions/1/card`, { code: 'CARD_UNREADABLE' }, 500);
    await objects.put(card_key, body);
  });
});
