import { invalid } from '../fault.ts';
import type { Call, Expression, LateralView } from '../syntax.ts';
import { entryNamed } from '../table/table.ts';
import type { Apply, Origins, TypedRelation } from '../typed.ts';
import type { SqlType } from '../types.ts';
import { apply } from './calls.ts';
import { analyse } from './expressions.ts';
import {
  type Analysis,
  type FromClause,
  inner,
  plainContext,
  type Scope,
  type ScopeColumn,
  type ScopeRelation,
} from './scope.ts';

interface Before {
  readonly relation: TypedRelation | undefined;
  readonly visible: readonly ScopeRelation[];
}

/** The call, if the expression is a generator such as `explode(tags)`. */
export function generatorOf(expression: Expression): Call | undefined {
  if (expression.kind !== 'call') return undefined;
  return entryNamed(expression.name)?.kind === 'generator' ? expression : undefined;
}

export function lateralView(
  view: LateralView,
  before: FromClause | undefined,
  outer: Scope,
  analysis: Analysis,
): FromClause {
  if (generatorOf(view.generator) === undefined)
    throw invalid('A LATERAL VIEW needs a generator such as explode(…).', view.at);
  const made = generate(
    view.generator,
    view.columns,
    view.table,
    view.outer,
    { relation: before?.relation, visible: before?.visible ?? [] },
    outer,
    analysis,
  );
  return { relation: made.relation, visible: made.visible };
}

export function generated(
  call: Call,
  names: readonly string[],
  before: Before,
  outer: Scope,
  analysis: Analysis,
) {
  return generate(call, names, undefined, false, before, outer, analysis);
}

interface Generated {
  readonly relation: TypedRelation;
  readonly visible: readonly ScopeRelation[];
  readonly columns: readonly ScopeColumn[];
}

function generate(
  call: Call,
  names: readonly string[],
  table: string | undefined,
  outer: boolean,
  before: Before,
  scope: Scope,
  analysis: Analysis,
): Generated {
  const entry = entryNamed(call.name);
  if (entry === undefined) throw new TypeError(`The table has no ${call.name}.`);
  const context = plainContext(analysis, inner(scope, before.visible), `in ${call.name}(…)`);
  const generator = apply(
    entry,
    call.args.map((arg) => analyse(arg, context)),
    { at: call.at },
  );
  const alias = analysis.unique('t');
  const origins: Origins = context.uses;
  const columns = outputs(generator, names, call.at).map(({ name, type }): ScopeColumn => ({
    name,
    origins,
    value: { kind: 'column', type, relation: alias, column: analysis.unique('c') },
  }));
  const sql = columns.map(({ value }) => (value.kind === 'column' ? value.column : ''));
  return {
    relation: {
      kind: 'generate',
      of: before.relation,
      generator,
      outer: outer || call.name.endsWith('_outer'),
      alias,
      columns: sql,
    },
    visible:
      table === undefined
        ? before.visible
        : [...before.visible, { alias: table, columns, hidden: new Map(), rows: origins }],
    columns,
  };
}

/** A generator's type is a struct of the columns that it makes. */
function outputs(generator: Apply, names: readonly string[], at: number): { name: string; type: SqlType }[] {
  const { type } = generator;
  if (type.kind !== 'struct') throw new TypeError(`${generator.entry.name} makes no columns.`);
  if (type.fields.length === 0)
    throw invalid(`The values of a column of ${generator.entry.name}(…) must be of one type.`, at);
  if (names.length > 0 && names.length !== type.fields.length)
    throw invalid(
      `${generator.entry.name}(…) makes ${type.fields.length} columns, and ${names.length} names are given.`,
      at,
    );
  return type.fields.map((field, index) => ({ name: names[index] ?? field.name, type: field.type }));
}
