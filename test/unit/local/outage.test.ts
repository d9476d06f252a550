import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiFailure, notOfTheApi } from '#client/failure.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { isOutage } from '#local/outage.ts';

const silent = new ApiFailure(undefined, { code: 'API_UNREACHABLE', detail: 'No answer.' });
const storeGone = new ApiFailure(503, { code: 'STORE_UNREACHABLE', detail: 'No answer.' });

test('waits for an API that does not answer, and for a service that the API or a store call cannot reach', () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const temporalGone = new MillraceError('TEMPORAL_UNREACHABLE', 'No answer.');
  for (const error of [silent, storeGone, temporalGone, refused, new Error('outer', { cause: refused })])
    assert.equal(isOutage(error), true, error.message);
});

test('does not wait for an address that is not an API, or a request that is rejected', () => {
  const url = 'http://127.0.0.1:1';
  const wrongUrl = new ApiFailure(undefined, { code: 'API_URL_INVALID', detail: 'No address.' });
  const rejected = new ApiFailure(403, { code: 'FORBIDDEN', detail: 'No role.' });
  for (const error of [wrongUrl, rejected, notOfTheApi(200, url)])
    assert.equal(isOutage(error), false, error.message);
});
