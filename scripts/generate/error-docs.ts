import { CATALOGUE } from '#errors/catalogue.ts';
import type { CatalogueEntry } from '#errors/catalogue-entry.ts';

/** docs/errors.md: the catalogue as a table, by code. */
export function errorDocs(): string {
  const rows = Object.entries<CatalogueEntry>(CATALOGUE)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { status, meaning, remedy }]) => `| \`${code}\` | ${status} | ${meaning} | ${remedy} |`);
  return [
    '# Errors',
    '',
    'The same code stands in answers of the API (RFC 9457, with the HTTP status), in the output of the command line, and as the type of a workflow failure. Generated from `errors/`.',
    '',
    '| code | status | what it means | what to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
