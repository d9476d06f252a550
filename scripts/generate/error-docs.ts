import { CATALOGUE } from '#errors/catalogue.ts';
import type { CatalogueEntry } from '#errors/catalogue-entry.ts';
import { EXIT } from '#errors/exit-class.ts';

/** docs/errors.md: the catalogue as a table, by code. */
export function errorDocs(): string {
  const rows = Object.entries<CatalogueEntry>(CATALOGUE)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, exit, meaning, remedy }]) =>
        `| \`${code}\` | ${status ?? '–'} | ${EXIT[exit]} | ${meaning} | ${remedy} |`,
    );
  return [
    '# Errors',
    '',
    'The same code stands in answers of the API (RFC 9457, with the HTTP status), in the output of the command line, and as the type of a workflow failure. A command that ends with an error has its exit code, whether the API refused the request or the workflow that it started failed ([what exit codes mean](cli.md)). Errors without a status are those of the command line itself. Generated from `errors/`.',
    '',
    '| code | status | exit | what it means | what to do |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
