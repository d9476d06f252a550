import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import type { YamlDocument } from '../yaml-file.ts';
import { fault } from './references.ts';

const WHOLE = /^[-+]?(\d+|0o[0-7]+|0x[0-9a-fA-F]+)$/;

/** Number of values whose text is looked up in the file, since each look-up may cost as much as the file is long. */
const MAX_LOOK_UPS = 100;

/**
 * Faults of what YAML can say and a config cannot: merge keys, and numbers that JSON, in which configs are stored and
 * compared, cannot hold.
 */
export function yamlFaults(yaml: YamlDocument): Fault[] {
  let lookUps = 0;
  const written = (path: ConfigPath): string | undefined => {
    lookUps += 1;
    return lookUps > MAX_LOOK_UPS ? undefined : yaml.written(path);
  };
  const faultsOf = (value: unknown, path: ConfigPath): Fault[] => {
    if (typeof value === 'number') return numberFaults(value, path, written);
    if (Array.isArray(value))
      return value.flatMap((item: unknown, index) => faultsOf(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) =>
      key === '<<' ? [mergeFault([...path, key])] : faultsOf(item, [...path, key]),
    );
  };
  return faultsOf(yaml.value, []);
}

/** The schema's faults without those that follow from the ones found here. */
export function withoutFollowing(faults: readonly Fault[], found: readonly Fault[]): Fault[] {
  const here = new Set(found.map(({ path }) => JSON.stringify(path)));
  return faults.filter(({ code, path }) => {
    const merge = JSON.stringify([...path.slice(0, -1), '<<']);
    return !here.has(JSON.stringify(path)) && !(code === 'CONFIG_MISSING_KEY' && here.has(merge));
  });
}

function numberFaults(
  value: number,
  path: ConfigPath,
  written: (path: ConfigPath) => string | undefined,
): Fault[] {
  if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))) return [];
  const text = written(path) ?? String(value);
  if (!Number.isFinite(value)) return [fault('CONFIG_INVALID_VALUE', path, `${text} is not a finite number`)];
  if (!WHOLE.test(text)) return [];
  const message = `${text} is a whole number above 2^53, which would be rounded`;
  return [fault('CONFIG_INVALID_VALUE', path, message, { expected: 'the number in quotes, as text' })];
}

function mergeFault(path: ConfigPath): Fault {
  return fault('CONFIG_UNKNOWN_KEY', path, 'merge keys (<<) are not supported', {
    expected: 'the keys themselves; an anchor (&name) and an alias (*name) can share one value',
    at: 'key',
  });
}
