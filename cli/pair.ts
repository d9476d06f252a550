import { answer, type Client } from '#client/client.ts';

/** The two names of a pair, as used in API paths. */
export interface PairNames {
  readonly model: string;
  readonly set: string;
}

/** A model's config names one feature set. `--feature-set` selects one that the model used earlier. */
export async function pairOf(client: Client, model: string, set: string | undefined): Promise<PairNames> {
  return { model, set: set ?? (await setOf(client, model)) };
}

async function setOf(client: Client, name: string): Promise<string> {
  const path = { kind: 'Model', name } as const;
  const { document } = await answer(client.GET('/v1/configs/{kind}/{name}', { params: { path } }));
  return String(document['feature_set']);
}

/** The option of every command about a pair. */
export const SET_OPTION = [
  '--feature-set <name>',
  "feature set of the pair (default: the one that the model's config names)",
] as const;
