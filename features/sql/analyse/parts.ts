import type { Typed, TypedColumn } from '../typed.ts';

/** The expressions directly below one, except those of subqueries. */
export function partsOf(value: Typed): readonly Typed[] {
  switch (value.kind) {
    case 'apply':
      return [
        ...value.args,
        ...(value.filter === undefined ? [] : [value.filter]),
        ...(value.over?.partitionBy ?? []),
        ...(value.over?.orderBy ?? []).map(({ of }) => of),
      ];
    case 'case':
      return [
        ...value.branches.flatMap(({ when, result }) => [when, result]),
        ...(value.otherwise === undefined ? [] : [value.otherwise]),
      ];
    case 'cast':
    case 'field':
    case 'in_query':
      return [value.of];
    case 'lambda':
      return [value.body];
    default:
      return [];
  }
}

/** The columns that expressions read, each part being looked at once. */
export function columnsIn(values: readonly Typed[]): readonly TypedColumn[] {
  const seen = new Set<Typed>();
  const found: TypedColumn[] = [];
  const visit = (value: Typed): void => {
    if (seen.has(value)) return;
    seen.add(value);
    if (value.kind === 'column') found.push(value);
    for (const part of partsOf(value)) visit(part);
  };
  for (const value of values) visit(value);
  return found;
}
