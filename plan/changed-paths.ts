import { pathText } from '#configs/problem.ts';

/** Sorted paths at which two JSON values differ, such as `params.n_estimators` or `checks[2]`. Added and removed members count. */
export function changedPaths(before: unknown, after: unknown): string[] {
  return pathsBelow(before, after, [])
    .map((path) => pathText(path))
    .toSorted();
}

function pathsBelow(before: unknown, after: unknown, path: readonly (string | number)[]): (typeof path)[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => pathsBelow(item, after[index], [...path, index]));
  }
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => pathsBelow(member(before, key), member(after, key), [...path, key]));
  }
  return [path];
}

function member(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
