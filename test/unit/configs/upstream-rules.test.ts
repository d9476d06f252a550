import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { upstreamFaults } from '#configs/rules/upstream-rules.ts';
import { noConfigs } from '#configs/load.ts';
import { configsOf, featureSet } from '#test/support/feature-configs.ts';

function faultsOf(upstream: object, own: object): readonly string[] {
  const partition = (given: object) => ({ start: '2024-01-01', max_staleness: '35d', ...given });
  const below = featureSet({ name: 'below', partition: partition(upstream) });
  const set: FeatureSetConfig = featureSet({ feature_sets: ['below'], partition: partition(own) });
  return upstreamFaults(set, { configs: { ...noConfigs, ...configsOf(below, set) } }).map(
    ({ message }) => message,
  );
}

const day = (dates: object = {}) => ({ grain: 'day', ...dates });
const month = (dates: object = {}) => ({ grain: 'month', ...dates });

const cases: readonly (readonly [string, object, object, RegExp?])[] = [
  ['a set by day on one by day', day(), day()],
  ['a set by month on one by month', month(), month()],
  ['a set by month on one by day', day(), month()],
  ['a set by day on one by month', month(), day()],
  ['a set by day that starts within a month', month(), day({ start: '2024-03-15' })],
  ['a set by day that starts first', month({ start: '2024-02-01' }), day(), /starts on 2024-02-01, this set/],
  ['a set by month that starts first', day({ start: '2024-01-02' }), month(), /starts on 2024-01-02/],
  ['a set by day that ends later by its staleness', month({ end: '2024-03-01' }), day({ end: '2024-04-05' })],
  [
    'a set by day that ends later by more',
    month({ end: '2024-03-01' }),
    day({ end: '2024-04-06' }),
    /^below ends on 2024-03-01 and serves 35d longer, this set ends on 2024-04-06$/,
  ],
  ['a set by day without an end', month({ end: '2024-03-01' }), day(), /before this set does/],
  [
    'a set by day that ends after one by day',
    day({ end: '2024-03-01' }),
    day({ end: '2024-03-02' }),
    /before/,
  ],
  ['a set by month that ends first', day({ end: '2024-03-31' }), month({ end: '2024-03-01' })],
  [
    'a set by month that ends after one by day',
    day({ end: '2024-03-31' }),
    month({ end: '2024-04-01' }),
    /ends/,
  ],
];

for (const [what, upstream, own, refused] of cases) {
  test(`${refused === undefined ? 'accepts' : 'rejects'} ${what}`, () => {
    const faults = faultsOf(upstream, own);
    if (refused === undefined) assert.deepEqual(faults, []);
    else assert.match(faults.join('\n'), refused);
  });
}
