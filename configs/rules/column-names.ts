import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import { fault } from './references.ts';

/** Prefixes of columns that the platform adds: ranks of point-in-time queries, and attributes in training frames. */
const RESERVED_PREFIXES = ['millrace_', 'attr_'];
/** Columns that training frames (`dt`, `label`) and the reader of scoring shards have beside entity and features. */
const RESERVED = ['dt', 'label', 'file_row_number', 'slice_of_shard'];

/** Columns beside the entity's in the reference scores of a training. */
const BESIDE_ENTITY = ['split', 'probability'];
/** Columns beside the entity's in files of scores, where a single column of the entity is named `entity`. */
export const BESIDE_SEVERAL = ['score_date', 'partition_date', 'version', 'declined', 'reasons'];

/** Whether the platform adds a column of this name to tables with the entity's columns. */
export function isReservedEntity(name: string, of: number): boolean {
  const taken = of === 1 ? BESIDE_ENTITY : [...BESIDE_ENTITY, ...BESIDE_SEVERAL];
  return isReservedColumn(name) || taken.includes(name.toLowerCase());
}

/** Whether the platform adds a column of this name to tables of features. SQL compares names without regard to case. */
export function isReservedColumn(name: string): boolean {
  const lower = name.toLowerCase();
  return RESERVED.includes(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix));
}

/** Raw tables may have a column `dt` or `label`; only the ranks of point-in-time queries stand beside their columns. */
export function isReservedSourceColumn(name: string): boolean {
  return name.toLowerCase().startsWith('millrace_');
}

export function reservedFault(name: string, path: ConfigPath, at?: 'key'): Fault {
  const message = `${name} names a column that the platform adds itself`;
  return fault('CONFIG_INVALID_VALUE', path, message, at === undefined ? {} : { at });
}

/** SQL treats `Amount` and `amount` as the same column. `taken` are names that none of the keys may have. */
export function sameButForCase(
  keys: readonly string[],
  path: ConfigPath,
  taken: readonly string[] = [],
): Fault[] {
  const seen = new Map(taken.map((name) => [name.toLowerCase(), name]));
  return keys.flatMap((key) => {
    const other = seen.get(key.toLowerCase());
    seen.set(key.toLowerCase(), key);
    if (other === undefined) return [];
    const message = `SQL cannot tell column ${key} from ${other}`;
    return [fault('CONFIG_INVALID_VALUE', [...path, key], message, { at: 'key' })];
  });
}
