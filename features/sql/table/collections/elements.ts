import { type SqlType, VOID } from '../../types.ts';

/** DuckDB's memory limit does not hold for an array that is made at once. */
export const MOST_ELEMENTS = 100_000;

export function elementOf(type: SqlType | undefined): SqlType {
  return type?.kind === 'array' ? type.element : VOID;
}

/** Whether a list holds a NULL. */
export const holdsNull = (list: string): string => `list_count(${list}) < len(${list})`;
