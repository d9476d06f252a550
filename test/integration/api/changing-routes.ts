import type { InjectOptions } from 'fastify';
import { PAIR } from './fixtures/configs.ts';

/**
 * A request that the schema of each changing route accepts, written by hand: a route without a row fails the tests that go
 * through the table. Every text that people may write is filled in.
 */
export interface ChangingRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Pattern of the route. */
  readonly route: string;
  readonly url: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const pair = `/v1/pairs/${PAIR.model}/${PAIR.feature_set}`;
const PATTERN = '/v1/pairs/:model/:set';
const reason = 'declines too many';
const absent = { 'if-none-match': '*' };
const files = [
  { path: 'shop.yaml', text: 'kind: Platform\n' },
  { path: 'habits.sql', text: 'SELECT visitor FROM visits' },
];
const remove = ['Model/churn'];

/** A request below a pair; numbers and names of the pattern are filled in. */
function ofPair(
  method: ChangingRequest['method'],
  below: string,
  payload?: ChangingRequest['payload'],
  headers: Readonly<Record<string, string>> = {},
): ChangingRequest {
  const rest = below.replace(':version', '1').replace(':deployment', '1').replace(':alias', 'champion');
  const route = PATTERN + below;
  return { method, route, url: pair + rest, headers, ...(payload && { payload }) };
}

const VERSION = '/versions/:version';

export const CHANGING_REQUESTS: readonly ChangingRequest[] = [
  { method: 'POST', route: '/v1/configs/plan', url: '/v1/configs/plan', payload: { files, remove } },
  {
    method: 'POST',
    route: '/v1/configs/apply',
    url: '/v1/configs/apply',
    payload: { files, remove, plan_digest: `1-${'d'.repeat(32)}` },
  },
  {
    method: 'POST',
    route: '/v1/feature-sets/:set/preview',
    url: '/v1/feature-sets/habits/preview',
    payload: { dt: '2020-03-01', files },
  },
  {
    method: 'POST',
    route: '/v1/feature-sets/:set/partitions',
    url: '/v1/feature-sets/habits/partitions',
    payload: { dt: '2020-03-01' },
  },
  {
    method: 'POST',
    route: '/v1/models/:model/trainings',
    url: '/v1/models/buys/trainings',
    payload: { as_of: '2020-03-01' },
  },
  {
    method: 'POST',
    route: '/v1/models/:model/lifecycles',
    url: '/v1/models/buys/lifecycles',
    payload: { as_of: '2020-03-01' },
  },
  ofPair('POST', '/uploads', { files: [{ name: 'model.onnx', size: 1, sha256: 'a'.repeat(64) }] }),
  ofPair('POST', '/versions', { upload: 'a'.repeat(32), as_of: '2020-03-01', notes: 'from a notebook' }),
  ofPair('POST', `${VERSION}/card`, { reason, texts: { purpose: 'Credit limits', market: 'UK' } }),
  ofPair('DELETE', VERSION, { reason }),
  ofPair('PATCH', `${VERSION}/tags`, { tags: { season: 'autumn' } }),
  ofPair('PUT', `${VERSION}/tags`, { tags: { season: 'autumn' } }, absent),
  ofPair('DELETE', `${VERSION}/tags`, undefined, { 'if-match': '"x"' }),
  ofPair('PUT', '/aliases/:alias', { version: 1 }, absent),
  ofPair('DELETE', '/aliases/:alias', undefined, { 'if-match': '"1"' }),
  ofPair('POST', `${VERSION}/approve`, {
    reason,
    evidence: 'e'.repeat(32),
    waivers: [{ gate: 'auc', reason: 'close enough' }],
  }),
  ofPair('POST', `${VERSION}/reject`, { reason }),
  ofPair('POST', `${VERSION}/deploy`, { schedule: '0 5 * * *', timezone: 'Europe/London' }),
  ofPair('POST', `${VERSION}/archive`, { reason }),
  ofPair('POST', `${VERSION}/withdraw`, { reason }),
  ofPair('POST', '/deployments/:deployment/cancel', { reason }),
  ofPair('POST', '/rollback', { from_deployment: 1, reason }),
  ofPair('POST', '/scores', { score_date: '2020-03-05' }),
  ofPair('POST', '/backfills', { from: '2020-03-05', to: '2020-03-06' }),
  ofPair('POST', '/repair', {}),
  {
    method: 'POST',
    route: '/v1/workflows/*',
    url: `/v1/workflows/train/buys/habits/${'d'.repeat(32)}/2020-03-01/cancel`,
  },
  { method: 'POST', route: '/v1/workers/builds/:build/use', url: '/v1/workers/builds/b1/use' },
  { method: 'POST', route: '/v1/keys', url: '/v1/keys', payload: { name: 'eva', roles: ['viewer'] } },
  { method: 'DELETE', route: '/v1/keys/:id', url: '/v1/keys/000000000000' },
];

export function injected(
  { method, url, payload, headers }: ChangingRequest,
  further: Readonly<Record<string, string>> = {},
): InjectOptions {
  return { method, url, headers: { ...headers, ...further }, ...(payload && { payload: { ...payload } }) };
}
