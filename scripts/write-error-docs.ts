/** Writes docs/errors.md from the catalogue: `node scripts/write-error-docs.ts`. A test keeps the two equal. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '#errors/catalogue.ts';
import type { CatalogueEntry } from '#errors/catalogue-entry.ts';
import { ROOT } from '#local/tools.ts';

export const ERROR_DOCS = join(ROOT, 'docs/errors.md');

export function errorDocs(): string {
  const rows = Object.entries<CatalogueEntry>(CATALOGUE)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { status, meaning, remedy }]) => `| \`${code}\` | ${status} | ${meaning} | ${remedy} |`);
  return [
    '# Errors',
    '',
    'The same code stands in answers of the API (RFC 9457, with the HTTP status), in the output of the command line, and as the type of a workflow failure. Written from `errors/` by `scripts/write-error-docs.ts`.',
    '',
    '| code | status | what it means | what to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(ERROR_DOCS, errorDocs());
