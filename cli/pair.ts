import { answer, type Client } from '#client/client.ts';

/** The two names of a pair, as its paths take them. */
export interface PairNames {
  readonly model: string;
  readonly set: string;
}

/** A model is configured with one feature set; another one of its past is named by `--feature-set`. */
export async function pairOf(client: Client, model: string, set: string | undefined): Promise<PairNames> {
  return { model, set: set ?? (await setOf(client, model)) };
}

async function setOf(client: Client, name: string): Promise<string> {
  const path = { kind: 'Model', name } as const;
  const { document } = await answer(client.GET('/v1/configs/{kind}/{name}', { params: { path } }));
  return String(document['feature_set']);
}

/** Option of every command that is about a pair. */
export const SET_OPTION = [
  '--feature-set <name>',
  'feature set of the pair, when the model was trained on another one before',
] as const;
