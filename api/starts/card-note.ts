import type { CardTexts } from '#configs/card-texts.ts';
import type { Pair } from '#configs/pair.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { readCard } from '#registry/cards/card-store.ts';
import { changedTexts } from '#registry/cards/card-texts.ts';
import { currentCard } from '#registry/cards/current-card.ts';
import type { Registry } from '#registry/registry.ts';

interface NoteDeps {
  readonly registry: Registry;
  readonly objects: ObjectStore;
}

/**
 * What to say to a person who changed card texts and starts a training that is registered already: texts do not change a
 * training, so nothing new is trained. Undefined if the version does not exist or its card has these texts.
 */
export async function cardNote(
  { registry, objects }: NoteDeps,
  pair: Pair,
  trainingId: string,
  texts: CardTexts,
): Promise<string | undefined> {
  const known = await registry.versionOfTraining(pair, trainingId);
  if (known === undefined) return undefined;
  const stage = await registry.stage(pair, known.version);
  const changed = changedTexts(await readCard(objects, currentCard(known, stage)), texts);
  if (changed.length === 0) return undefined;
  const says = `Nothing is trained again, because texts of the card do not change a training. Version ${known.version} has other texts for ${changed.join(', ')}.`;
  const open = stage.stage === 'registered' || stage.stage === 'approved';
  return open
    ? `${says} \`millrace revise-card ${pair.model} ${known.version} --reason …\` puts the applied ones on its card.`
    : `${says} It is ${stage.stage}, so its card is final; the next version gets the applied texts.`;
}
