import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definitionDigest } from '#features/definition.ts';
import { featureQuery } from '#features/query/feature-query.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';
import { customers, holdingConfigs, people, positions, positionsWith } from '#test/support/holdings.ts';

const DT = '2024-02-01';

test('a list of one column has the definition of the column alone', () => {
  const single = featureSet();
  const listed = { ...single, entity: ['account'] };
  assert.equal(definitionDigest(listed, configsOf(listed)), definitionDigest(single, configsOf(single)));
});

test('the columns of the entity and their order are part of the definition', () => {
  const digest = (entity: string | string[]) => {
    const set = { ...positions, entity };
    return definitionDigest(set, holdingConfigs(set));
  };
  const digests = [digest(['account', 'product']), digest(['product', 'account']), digest('account')];
  assert.equal(new Set(digests).size, 3);
});

test('the query returns every column of the entity, first and in their order', () => {
  const { columns } = featureQuery(positions, holdingConfigs(), DT);
  assert.deepEqual(
    columns.map(({ name, type }) => `${name} ${type}`),
    ['account string', 'product string', 'age int', 'balance double'],
  );
  assert.throws(
    () => {
      const set = positionsWith('SELECT h.account, h.balance, 1 AS age FROM {{ sources.holdings }} AS h');
      featureQuery(set, holdingConfigs(set), DT);
    },
    { code: 'PARTITION_COLUMNS_DIFFER', message: /declared but not selected: product/ },
  );
});

test('a sensitive column of the entity joins rows, is named, and makes no feature', () => {
  const all = holdingConfigs();
  const secret = { ...customers, sensitive: ['sex', 'Account'] };
  const configs = { ...all, sources: new Map([...all.sources, ['customers', secret] as const]) };
  const { sensitiveKeys, lineage } = featureQuery(people, configs, DT);
  assert.deepEqual(sensitiveKeys, ['account']);
  assert.deepEqual(lineage, [{ feature: 'age', sources: ['customers.age'], expression: 'age' }]);

  // The other set takes its account from a source that does not call it sensitive.
  assert.deepEqual(featureQuery(positions, configs, DT).sensitiveKeys, []);
  const set = positionsWith(`SELECT p.account, h.product, h.balance, CAST(length(p.account) AS INT) AS age
FROM {{ sources.holdings }} AS h JOIN {{ features.people }} AS p ON p.account = h.account`);
  const leaking = { ...configs, featureSets: new Map([people, set].map((one) => [one.name, one] as const)) };
  assert.throws(() => featureQuery(set, leaking, DT), {
    code: 'FEATURE_FROM_SENSITIVE',
    message: 'Feature "age" of "positions" is computed from customers.account.',
  });
});

test('a column of a set below can be a key, with the origins that it has there', () => {
  const set = positionsWith(`SELECT p.account, h.product, h.balance, p.age FROM {{ sources.holdings }} AS h
JOIN {{ features.people }} AS p ON p.account = h.account`);
  const { used } = featureQuery(set, holdingConfigs(set), DT);
  assert.ok(used.includes('customers.account') && used.includes('holdings.account'), used.join(', '));
});
