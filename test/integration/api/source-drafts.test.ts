import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '#access/principal.ts';
import { sourceDraftRoutes } from '#api/routes/sources/draft.ts';
import { loadConfigs } from '#configs/load.ts';
import { withFeatureLake } from '#test/support/feature-lake.ts';
import { bareApp } from '#test/support/bare-app.ts';

const { documents } = loadConfigs([
  {
    path: 'secret.yaml',
    text: 'kind: Source\nname: secret\nowner: vault\nread: team\nlocation: raw/secret/\nkeys: [id]\nknown_time: at\ncolumns: { id: int, at: date }\n',
  },
]);

test('drafts a source from a folder of the lake, and reads no folder of the platform or of another team', async () => {
  await withFeatureLake(async (lake) => {
    const select = "SELECT range AS visit_id, 'Ada' AS name, DATE '2024-01-01' AS loaded_at FROM range(20)";
    await lake.put('raw/visits/a.parquet', select);
    await lake.put('raw/secret/a.parquet', select);
    const app = bareApp();
    const principal: Principal = { name: 'ada', roles: ['scientist'], teams: ['shop'] };
    app.decorateRequest('principal', { getter: () => principal });
    await app.register(sourceDraftRoutes, {
      configs: async () => await Promise.resolve(documents),
      objects: lake.objects,
    });
    const draft = async (from: string) => {
      const answer = await app.inject({ url: '/v1/source-drafts', query: { from } });
      return [answer.statusCode, answer.json<{ code?: string; location?: string }>(), answer.body] as const;
    };

    const [status, { location }, body] = await draft(lake.objects.uri('raw/visits'));
    assert.deepEqual([status, location], [200, 'raw/visits/']);
    assert.match(body, /"keys":\{"columns":\["visit_id"\]/);
    assert.ok(!body.includes('Ada'), 'no value of a row is shown');

    const refused = async (from: string) => {
      const [code, answer] = await draft(from);
      return [code, answer.code];
    };
    assert.deepEqual(await refused('s3://elsewhere/raw/visits/'), [400, 'OBJECT_URI_INVALID']);
    for (const folder of ['', 'features/', 'models/', 'raw/../features/', 'raw//visits/'])
      assert.deepEqual(await refused(lake.objects.uri(folder)), [400, 'OBJECT_URI_INVALID'], folder);
    assert.deepEqual(await refused(lake.objects.uri('raw/nothing/')), [422, 'SOURCE_EMPTY']);
    for (const folder of ['raw/secret/', 'raw/'])
      assert.equal((await refused(lake.objects.uri(folder)))[0], 403, folder);
  });
});
