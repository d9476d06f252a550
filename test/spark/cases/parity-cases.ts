import { COMMON_QUERIES } from './common-queries.ts';
import type { ParityCase } from './parity-case.ts';
import { randomCases } from './random/random-cases.ts';
import { tableCases } from './table/table-cases.ts';

/** All cases. Throws if two share a name. */
export function parityCases(): readonly ParityCase[] {
  const cases = [...COMMON_QUERIES, ...tableCases(), ...randomCases()];
  const twice = cases.find(({ name }, index) => cases.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw new Error(`Two cases are named ${twice.name}.`);
  return cases;
}
