import { invalid } from '../fault.ts';
import type { Call } from '../syntax.ts';
import type { ScopeColumn, ScopeRelation } from './scope.ts';

/** The names by which the author's text reaches the columns of relations. */
export class Names {
  /** How many columns a name reaches, with the name of a table before it and without. */
  readonly #reached = new Map<string, number>();

  constructor(relations: readonly ScopeRelation[]) {
    for (const { alias, columns } of relations)
      for (const column of columns) {
        if (column.qualified !== true) this.#count(undefined, column);
        if (alias !== undefined) this.#count(alias, column);
      }
  }

  #count(alias: string | undefined, { name }: ScopeColumn): void {
    const key = keyOf(alias, name);
    this.#reached.set(key, (this.#reached.get(key) ?? 0) + 1);
  }

  /** The name in backticks. Throws `SQL_INVALID` if it does not reach the column alone. */
  textOf({ name, qualified }: ScopeColumn, { alias }: ScopeRelation, { name: of, at }: Call): string {
    const isAlone = this.#reached.get(keyOf(alias, name)) === 1;
    if (name === undefined || !isAlone || (qualified === true && alias === undefined))
      throw invalid(
        `The ORDER BY of ${of}(…) may leave ties, and ${name === undefined ? 'a column without a name' : `"${name}", which is there twice,`} cannot break them; give each column a name of its own.`,
        at,
      );
    return [...(alias === undefined ? [] : [alias]), name]
      .map((part) => `\`${part.replaceAll('`', '``')}\``)
      .join('.');
  }
}

function keyOf(alias: string | undefined, name: string | undefined): string {
  return JSON.stringify([alias?.toLowerCase() ?? null, name?.toLowerCase() ?? null]);
}
