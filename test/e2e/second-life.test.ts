import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { loadConfigs } from '#configs/load.ts';
import { readConfigFolder } from '#configs/read-folder.ts';
import { loadDataSet } from '#local/load-data-set.ts';
import { answer } from '#client/client.ts';
import { digestBytes } from '#platform/objects/digest-stream.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable } from '#platform/table/table.ts';
import { createScoresStore } from '#scoring/scores-store.ts';
import { poll, resultOf, stillFine } from '#scripts/demo/runs.ts';
import { ROOT } from '#local/tools.ts';
import { readParquet } from '../support/parquet.ts';
import { startTestPlatform } from '../support/platform.ts';

/** Nothing but YAML, SQL and data differs from the demo: another entity, daily partitions, strings, a scikit-learn pipeline. */
test('a second data set lives the same life by YAML and SQL alone', { timeout: 400_000 }, async (t) => {
  await using platform = await startTestPlatform(60);
  const files = await readConfigFolder(join(ROOT, 'configs/examples/machines'));
  const { documents } = loadConfigs(files);
  const [model] = documents.models.values();
  const set = documents.featureSets.get(model?.feature_set ?? '');
  assert.ok(model !== undefined && set?.partition.end !== undefined);
  const pair = { model: model.name, set: set.name };
  const { end } = set.partition;
  const teams = ['fleet-data', 'fleet-models', 'maintenance'];
  const author = await platform.as('mia', ['scientist', 'operator'], teams);
  const approver = await platform.as('noor', ['approver'], teams);

  await loadDataSet(platform.env, 'machines');
  const { plan_digest } = await answer(author.POST('/v1/configs/plan', { body: { files } }));
  await answer(author.POST('/v1/configs/apply', { body: { files, plan_digest } }));

  const first = { params: { path: { ...pair, version: 1 } } };
  const readFirst = () => answer(author.GET('/v1/pairs/{model}/{set}/versions/{version}', first));
  const life = await answer(
    author.POST('/v1/models/{model}/lifecycles', {
      params: { path: { model: model.name } },
      body: { as_of: end },
    }),
  );
  const version = await poll(
    () => readFirst().catch(() => undefined),
    (found) => found !== undefined,
    async () => void (await stillFine(author, life.workflow_id)),
  );

  await t.test('the version is complete and good enough', () => {
    assert.deepEqual(version?.card_missing, []);
    assert.ok((version?.metrics['auc'] ?? 0) > 0.7, `AUC ${String(version?.metrics['auc'])}`);
  });

  await t.test('it trained on fourteen daily partitions, each committed once', async () => {
    const { items: partitions } = await answer(
      author.GET('/v1/feature-sets/{set}/partitions', { params: { path: { set: set.name } } }),
    );
    assert.equal(partitions.length, model.label.window);
    assert.ok(partitions.every(({ revision }) => revision === 1));
  });

  await answer(
    approver.POST('/v1/pairs/{model}/{set}/versions/{version}/approve', {
      ...first,
      body: { reason: 'Good enough for a list of inspections.', evidence: version?.evidence ?? '' },
    }),
  );
  await resultOf(author, life);

  await t.test('approval alone makes it live', async () => {
    assert.equal((await readFirst()).stage, 'live');
  });

  await t.test('its scores name both dates, and a second ask is the same run', async () => {
    const ask = () =>
      answer(
        author.POST('/v1/pairs/{model}/{set}/scores', {
          params: { path: pair },
          body: { score_date: end },
        }),
      );
    const run = await ask();
    const scores = (await resultOf(author, run)) as { rows: number; uri: string };
    assert.ok(scores.rows > 1_500);
    const again = await ask();
    assert.equal(again.status, 'committed');
    assert.equal(again.workflow_id, run.workflow_id);
    const manifest = await answer(
      author.GET('/v1/pairs/{model}/{set}/scores/{score_date}', {
        params: { path: { ...pair, score_date: end } },
      }),
    );
    assert.equal(manifest.score_date, end);
    assert.equal(manifest.partition.dt, end);
  });

  await t.test(
    'its model, brought again as if trained elsewhere, gets the same figures and scores',
    async () => {
      await using objects = createS3ObjectStore(platform.env);
      const file = version?.artifacts.find(({ name }) => name === 'model.onnx');
      const body = await objects.get(file?.key ?? '');
      const params = { path: pair };
      const { upload, files: sent } = await answer(
        author.POST('/v1/pairs/{model}/{set}/uploads', {
          params,
          body: { files: [{ name: 'model.onnx', ...digestBytes(body) }] },
        }),
      );
      for (const { request } of sent) {
        const { url, headers } = request;
        const stored = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) });
        assert.equal(stored.status, 200);
      }
      const register = () =>
        answer(
          author.POST('/v1/pairs/{model}/{set}/versions', {
            params,
            body: { upload, as_of: end, notes: 'Our own model.' },
          }),
        );
      const registered = await resultOf(author, await register());
      assert.deepEqual(registered, { version: 2, card_missing: [] });
      const second = { params: { path: { ...pair, version: 2 } } };
      const brought = await answer(author.GET('/v1/pairs/{model}/{set}/versions/{version}', second));
      for (const figure of ['auc', 'brier', 'ks'])
        assert.ok(
          Math.abs((brought.metrics[figure] ?? 0) - (version?.metrics[figure] ?? 1)) < 1e-6,
          `${figure}: ${String(brought.metrics[figure])}, ${String(version?.metrics[figure])}`,
        );
      assert.equal(brought.gates.at(-1)?.gate, 'provenance');
      const { evidence } = brought;
      const reason = 'It is version 1.';
      const approve = (waivers: { gate: string; reason: string }[]) =>
        approver.POST('/v1/pairs/{model}/{set}/versions/{version}/approve', {
          ...second,
          body: { reason, evidence, waivers },
        });
      await assert.rejects(approve([]), { code: 'GATE_NOT_WAIVED' });
      await approve([{ gate: 'provenance', reason }]);
      const again = await register();
      assert.deepEqual([again.status, again.result], ['committed', registered]);

      const score = { params, body: { score_date: end, version: 2 } };
      await resultOf(author, await answer(author.POST('/v1/pairs/{model}/{set}/scores', score)));
      const scores = createScoresStore(openTable(platform.env), objects);
      const rows = await Promise.all(
        [1, 2].map(async (number) => {
          const ref = {
            model: model.name,
            feature_set: set.name,
            version: number,
            score_date: end,
            revision: 1,
          };
          const path = join(platform.home.home, `scores-${number}.parquet`);
          await objects.getFile((await scores.find(ref))?.parts[0]?.key ?? '', path);
          return readParquet(path, 'entity, probability, declined, reasons');
        }),
      );
      assert.ok((rows[0]?.length ?? 0) > 1_500);
      assert.deepEqual(rows[1], rows[0]);
    },
  );

  await t.test('its dossier verifies', async () => {
    const check = await answer(
      author.GET('/v1/pairs/{model}/{set}/dossier/verify', { params: { path: pair } }),
    );
    assert.equal(check.verified, true);
    assert.ok(check.entries >= 4);
  });
});
