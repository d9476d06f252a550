import type { Platform } from '../servers/platform.ts';
import type { Example } from './example.ts';
import type { Outcome } from './outcome.ts';

/** What the demo prints when it is done: addresses that answer while it stays up. */
export function whereToLook(platform: Platform, { model, set, to }: Example, outcome: Outcome): string {
  const pair = `${platform.api}/v1/pairs/${model}/${set}`;
  const key = platform.adminKey;
  return `
${outcome.versions.map(({ version, stage }) => `version ${version} is ${stage}`).join(', ')}; ${outcome.scores.rows} scores; dossier of ${outcome.dossier.entries} entries verified; ${outcome.seconds} s

Where to look (Authorization: Bearer ${key})
  Temporal UI   ${platform.temporalUi}
  API docs      ${platform.api}/docs
  model card    ${pair}/versions/2/card?format=html
  scores        ${pair}/scores/${to}
                ${outcome.scores.uri}
  DAG spec      ${pair}/dag-spec
  dossier       ${pair}/dossier
`;
}
