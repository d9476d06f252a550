import type { Client } from './client.ts';

/** Path of a pair. A model is configured with one feature set; another one of its past is named by `--feature-set`. */
export async function pairPath(client: Client, model: string, set: string | undefined): Promise<string> {
  return `/v1/pairs/${encodeURIComponent(model)}/${encodeURIComponent(set ?? (await setOf(client, model)))}`;
}

async function setOf(client: Client, model: string): Promise<string> {
  const path = `/v1/configs/Model/${encodeURIComponent(model)}`;
  const { document } = await client.get<{ document: { feature_set: string } }>(path);
  return document.feature_set;
}

/** Option of every command that is about a pair. */
export const SET_OPTION = [
  '--feature-set <name>',
  'when the model was trained on another set before',
] as const;
