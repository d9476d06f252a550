import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Platform } from '#local/platform.ts';
import { answer, createClient } from '#client/client.ts';
import type { Example } from './example.ts';
import type { Outcome } from './outcome.ts';

/**
 * The text that the demo prints at its end. The card is also written to a file, which a browser opens without a key.
 */
export async function whereToLook(
  platform: Platform,
  { model, set, to }: Example,
  outcome: Outcome,
  home: string,
): Promise<string> {
  const pair = `${platform.api}/v1/pairs/${model}/${set}`;
  const card = join(home, 'card.html');
  const page = await answer(
    createClient(platform.api, platform.adminKey).GET('/v1/pairs/{model}/{set}/versions/{version}/card', {
      params: { path: { model, set, version: 2 }, query: { format: 'html' } },
      parseAs: 'text',
    }),
  );
  writeFileSync(card, page);
  return `
${outcome.versions.map(({ version, stage }) => `version ${version} is ${stage}`).join(', ')}; ${outcome.scores.rows} scores; dossier of ${outcome.dossier.entries} entries verified; ${outcome.seconds} s

Where to look
  Temporal UI   ${platform.temporalUi}
  API docs      ${platform.api}/docs
  model card    ${relative(process.cwd(), card)}
  scores        ${pair}/scores/${to}
  DAG spec      ${pair}/dag-spec
  dossier       ${pair}/dossier
The API wants a key: Authorization: Bearer ${platform.adminKey}
`;
}
