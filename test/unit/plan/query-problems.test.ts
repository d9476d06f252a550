import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfigs, noConfigs } from '#configs/load.ts';
import { queryProblems } from '#plan/query-problems.ts';
import { folder } from '../configs/valid-configs.ts';

const GOOD = `SELECT p.account_id, SUM(p.amount) AS paid, MAX(CASE WHEN a.account_id > 1 THEN 'high' ELSE 'low' END) AS area
FROM {{ sources.payments }} AS p
JOIN {{ sources.accounts }} AS a ON a.account_id = p.account_id
GROUP BY p.account_id`;

async function problemsOf(sql: string) {
  const files = folder().map((file) => (file.path === 'behaviour.sql' ? { ...file, text: sql } : file));
  const { documents, declared, problems } = loadConfigs(files);
  assert.deepEqual(problems, []);
  return queryProblems(noConfigs, documents, declared, '2024-06-01');
}

test('a good query has no problem', async () => {
  assert.deepEqual(await problemsOf(GOOD), []);
});

test('a template that names an unknown source, SQL that does not parse and a sensitive column are refused before a workflow sees them', async () => {
  const rows = [
    [GOOD.replace('sources.payments', 'sources.payment'), 'TEMPLATE_INVALID', 2],
    [GOOD.replace('GROUP BY', 'GROUP'), 'SQL_INVALID', undefined],
    [GOOD.replace('a.account_id > 1', 'a.sex IS NULL'), 'FEATURE_FROM_SENSITIVE', undefined],
    [GOOD.replace('SUM(p.amount)', 'SUM(p.amuont)'), 'SQL_INVALID', 1],
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

test('a column by which a model is compared for fairness is never a feature of it', async () => {
  for (const column of ['region', 'REGION']) {
    const [problem, ...more] = await problemsOf(GOOD.replace('a.account_id > 1', `a.${column} IS NULL`));
    assert.deepEqual(more, []);
    assert.equal(problem?.code, 'FEATURE_FROM_SENSITIVE');
    assert.match(problem.message, /accounts\.region, by which model "miss_risk" is compared/);
  }
});

test('a template that renders to another query on a later date is checked on that date', async () => {
  const later = `{% if ds == '2024-04-01' %}SELECT * FROM raw__payments{% else %}${GOOD}{% endif %}`;
  const [problem] = await problemsOf(later);
  assert.equal(problem?.code, 'SQL_INVALID');
});

test('a set that no new document changes is not compiled again', async () => {
  const { documents } = loadConfigs(folder());
  assert.deepEqual(await queryProblems(documents, documents, [], '2024-06-01'), []);
});
