import { Dialect, generate, lineageWithSchema, type LineageNode } from './sql-parser.ts';
import { type ParsedQuery, type ReadableRelation, schemaOf } from './parse-query.ts';
import type { RenderedSql } from './render.ts';

/**
 * The Spark SQL expression of a column: as the query selects it or, if the query only passes a name on, as the CTE or
 * subquery behind it does.
 */
export function featureExpression(
  name: string,
  rendered: RenderedSql,
  { tree }: ParsedQuery,
  relations: readonly ReadableRelation[],
): string {
  const selected = selectedAs(name, tree);
  if (selected !== undefined && !('column' in selected)) return text(selected) ?? name;
  const traced = lineageWithSchema(name, rendered.sql, schemaOf(relations), Dialect.Spark).lineage;
  return expressionBehind(traced) ?? name;
}

/** The selected expression with this alias, in a plain SELECT. */
function selectedAs(name: string, tree: unknown): object | undefined {
  const expressions = at(at(tree, 'select'), 'expressions');
  if (!Array.isArray(expressions)) return undefined;
  for (const expression of expressions) {
    const alias = at(expression, 'alias');
    const made = at(alias, 'this');
    if (at(at(alias, 'alias'), 'name') === name && typeof made === 'object' && made !== null) return made;
  }
  return undefined;
}

function expressionBehind(node: LineageNode | undefined): string | undefined {
  let step = node;
  while (step !== undefined) {
    const inner: object = 'alias' in step.expression ? step.expression.alias.this : step.expression;
    const [next, ...others] = step.downstream;
    if (!('column' in inner) || next === undefined || others.length > 0 || next.source_kind === 'table')
      return text(inner);
    step = next;
  }
  return undefined;
}

function text(expression: object): string | undefined {
  return generate([expression], Dialect.Spark).sql?.[0];
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
