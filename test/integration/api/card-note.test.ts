import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardNote } from '#api/starts/card-note.ts';
import { buildCard } from '#registry/cards/build-card.ts';
import { writeCard } from '#registry/cards/card-store.ts';
import { cardInput } from '#test/support/cards.ts';
import { approval, freshPair, trainedVersion, withRegistry } from '#test/support/registry.ts';

const stores = await withRegistry();

test('a card text changed for a training that is registered says that nothing is trained, and how the text gets on the card', async () => {
  const { registry, objects } = stores;
  const pair = freshPair();
  const { model } = cardInput();
  const { text, missing } = buildCard(cardInput());
  const card = await writeCard(objects, text);
  const trained = await trainedVersion(objects, pair);
  const note = (texts: typeof model.card) => cardNote(stores, pair, trained.training.training_id, texts);

  assert.equal(await note({ ...model.card, market: 'Wales' }), undefined, 'not registered yet');
  await registry.registerVersion({ ...trained, card: { ...card, missing } });
  assert.equal(await note(model.card), undefined, 'the same texts');
  assert.equal(
    await note({ ...model.card, market: 'Wales' }),
    `Nothing is trained again, because texts of the card do not change a training. Version 1 has other texts for market. \`millrace revise-card ${pair.model} 1 --reason …\` puts the applied ones on its card.`,
  );
  await registry.judge({ ...(await approval(registry, pair, 1)), verdict: 'reject' });
  assert.match(
    (await note({ ...model.card, market: 'Wales' })) ?? '',
    /It is rejected, so its card is final/,
  );
});
