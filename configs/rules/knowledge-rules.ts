import type { Fault } from '../schema-problems.ts';
import type { SourceConfig } from '../source.ts';
import { columnType } from '../source-columns.ts';
import { kindOf } from '../types/kinds.ts';
import { fault, unknownColumn } from './references.ts';

const TIMES: readonly string[] = ['date', 'timestamp'];

/** Settings that say which row of a fact counts when, and the types that their columns may have. */
const ROLES = {
  event_time: TIMES,
  known_time: TIMES,
  sequence: ['tinyint', 'smallint', 'int', 'bigint', 'decimal', ...TIMES],
  deleted: ['boolean'],
} as const satisfies Partial<Record<keyof SourceConfig, readonly string[]>>;

/** Faults of what a source says about the times and the order of its rows. */
export function knowledgeFaults(source: SourceConfig): Fault[] {
  return [
    ...(Object.keys(ROLES) as (keyof typeof ROLES)[]).flatMap((role) => roleFaults(source, role)),
    ...keyFaults(source),
    ...reportingFaults(source),
  ];
}

function roleFaults(source: SourceConfig, role: keyof typeof ROLES): Fault[] {
  const column = source[role];
  if (column === undefined) return [];
  const types: readonly string[] = ROLES[role];
  const type = columnType(source, column);
  if (type === undefined)
    return unknownColumn(Object.keys(source.columns), column, [role], `source ${source.name}`);
  if (types.includes(kindOf(type))) return [];
  const unzoned =
    type === 'timestamp_ntz'
      ? '; a column of times without a zone is declared as timestamp if they are in UTC'
      : '';
  return [
    fault('CONFIG_INVALID_VALUE', [role], `column ${column} has type ${type}`, {
      expected: `a column of type ${types.join(' or ')}${unzoned}`,
    }),
  ];
}

/** A key that a correction changes would make another fact of it. */
function keyFaults({ keys, known_time, event_time, sequence, deleted }: SourceConfig): Fault[] {
  const faulty: readonly (readonly [column: string | undefined, role: string])[] = [
    // The facts of a source that is never corrected may be known by the time at which they happen.
    [known_time === event_time ? undefined : known_time, 'known_time'],
    [sequence, 'sequence'],
    [deleted, 'deleted'],
  ];
  return keys.flatMap((key, index) => {
    const role = faulty.find(([column]) => column === key)?.[1];
    if (role === undefined) return [];
    const message = `${key} is the ${role}, so a correction would not replace its fact`;
    return [fault('CONFIG_INVALID_VALUE', ['keys', index], message)];
  });
}

function reportingFaults({ name, availability, event_time }: SourceConfig): Fault[] {
  if (availability?.reported_within === undefined || event_time !== undefined) return [];
  const message = `source ${name} has no event_time, so nothing says how long after it a row became known`;
  return [fault('CONFIG_INVALID_VALUE', ['availability', 'reported_within'], message)];
}
