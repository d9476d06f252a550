import type { SourceConfig } from '../source.ts';
import type { Fault } from '../schema-problems.ts';
import { sourceColumns } from '../source-columns.ts';
import { fault, type References } from './references.ts';

/**
 * Two sources may describe one folder, such as a table that is read as events and as labels; then both must agree on what
 * is sensitive. A folder inside another one's would be read twice, as rows of two tables.
 */
export function locationFaults(source: SourceConfig, { configs }: References): Fault[] {
  const others = [...configs.sources.values()].filter(({ name }) => name !== source.name);
  return others.flatMap((other) => {
    if (other.location === source.location) return sensitiveFaults(source, other);
    const [inner, outer] =
      source.location.length > other.location.length
        ? [source.location, other.location]
        : [other.location, source.location];
    if (!inner.startsWith(outer)) return [];
    const message = `${source.location} and ${other.location} of source ${other.name} overlap`;
    return [
      fault('CONFIG_INVALID_VALUE', ['location'], message, {
        expected: 'a folder of its own for each table',
      }),
    ];
  });
}

/** A column that the other source of the same folder declares sensitive and this one lets queries read. */
function sensitiveFaults(source: SourceConfig, other: SourceConfig): Fault[] {
  const sensitive = sensitiveInFiles(source);
  const elsewhere = sensitiveInFiles(other);
  return sourceColumns(source)
    .filter(({ column }) => elsewhere.has(column.toLowerCase()) && !sensitive.has(column.toLowerCase()))
    .map(({ name }) => {
      const message = `${name} is sensitive in source ${other.name}, which reads the same folder`;
      const expected = `${name} in the list`;
      return fault('CONFIG_INVALID_VALUE', ['sensitive'], message, { expected });
    });
}

/** The names that the sensitive columns of a source have in the files, in lower case. */
function sensitiveInFiles(source: SourceConfig): Set<string> {
  const sensitive = new Set(source.sensitive.map((name) => name.toLowerCase()));
  const columns = sourceColumns(source).filter(({ name }) => sensitive.has(name.toLowerCase()));
  return new Set(columns.map(({ column }) => column.toLowerCase()));
}
