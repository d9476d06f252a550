import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCard } from '#registry/cards/build-card.ts';
import { cardInput, EVALUATION } from '#test/support/cards.ts';

test('shows bands in the order of their edges, then missing values, and says how they are made', () => {
  const names = ['(missing)', '25 to 40', '40 and over', 'under 25'];
  const measured = {
    groups: names.map((group) => ({ group, n: 100, selection_rate: 0.5 })),
    demographic_parity_ratio: 1,
    equal_opportunity_difference: 0,
  };
  const evaluation = {
    ...EVALUATION,
    fairness: { age: measured, born: measured, sex: EVALUATION.fairness.sex },
  };
  const input = cardInput({}, evaluation);
  const attributes = [{ column: 'age', bands: [25, 40] }, { column: 'born', age_bands: [25, 40] }, 'sex'];
  const { card } = buildCard({
    ...input,
    model: { ...input.model, fairness: { source: 'accounts', attributes } },
  });

  assert.ok(Array.isArray(card.fairness.attributes));
  const [age, born, sex] = card.fairness.attributes;
  for (const one of [age, born]) {
    assert.ok(Array.isArray(one?.groups));
    assert.deepEqual(
      one.groups.map(({ group }) => group),
      ['under 25', '25 to 40', '40 and over', '(missing)'],
    );
  }
  assert.match(age?.known_from as string, /^Column age of .*, in bands: under 25, 25 to 40, 40 and over\.$/);
  assert.match(born?.known_from as string, /completed years on the date of the row, in bands: under 25/);
  assert.match(sex?.known_from as string, /as it was recorded there\.$/);
});
