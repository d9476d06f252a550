import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfigs, noConfigs } from '#configs/load.ts';
import { queryProblems } from '#plan/query-problems.ts';
import { folder } from '../configs/valid-configs.ts';

const GOOD = `SELECT p.account_id, SUM(p.amount) AS paid, MAX(a.region) AS area
FROM {{ sources.payments }} AS p
JOIN {{ sources.accounts }} AS a ON a.account_id = p.account_id
GROUP BY p.account_id`;

async function problemsOf(sql: string) {
  const files = folder().map((file) => (file.path === 'behaviour.sql' ? { ...file, text: sql } : file));
  const { documents, declared, problems } = loadConfigs(files);
  assert.deepEqual(problems, []);
  return queryProblems(noConfigs, documents, declared);
}

test('a good query has no problem', async () => {
  assert.deepEqual(await problemsOf(GOOD), []);
});

test('a template that names an unknown source, SQL that does not parse and a sensitive column are refused before a workflow sees them', async () => {
  const rows = [
    [GOOD.replace('sources.payments', 'sources.payment'), 'TEMPLATE_INVALID', 2],
    [GOOD.replace('GROUP BY', 'GROUP'), 'SQL_INVALID', undefined],
    [GOOD.replace('a.region', 'a.sex'), 'FEATURE_FROM_SENSITIVE', undefined],
    [GOOD.replace('SUM(p.amount)', 'SUM(p.amuont)'), 'SQL_FAILED', 1],
    [GOOD.replace('AS area', 'AS aera'), 'PARTITION_COLUMNS_DIFFER', undefined],
  ] as const;
  for (const [sql, code, line] of rows) {
    const [problem, ...more] = await problemsOf(sql);
    assert.deepEqual(more, []);
    assert.equal(problem?.code, code);
    assert.equal(problem?.file, 'behaviour.sql');
    if (line !== undefined) assert.equal(problem?.line, line);
  }
});

test('a set that no new document changes is not compiled again', async () => {
  const { documents } = loadConfigs(folder());
  assert.deepEqual(await queryProblems(documents, documents, []), []);
});

test('tries a query at the dates that its params name, too', async () => {
  const branch = GOOD.replace('SUM(p.amount)', '{% if ds == params.cut %}SELECT ({% endif %}SUM(p.amount)');
  const files = folder().map((file) =>
    file.path === 'behaviour.sql'
      ? { ...file, text: branch }
      : { ...file, text: file.text.replace('params: { window: 3 }', "params: { cut: '2024-03-01' }") },
  );
  const { documents, declared, problems } = loadConfigs(files);
  assert.deepEqual(problems, []);
  const found = await queryProblems(noConfigs, documents, declared);
  assert.deepEqual(
    found.map(({ code }) => code),
    ['SQL_INVALID'],
  );
});
