/** A JSON Schema as zod writes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Narrow a value at run time without changing its TypeScript type. */
const ANNOTATIONS = new Set(
  (
    'description title default format readOnly propertyNames pattern minLength maxLength minItems maxItems ' +
    'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'
  ).split(' '),
);

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/**
 * The TypeScript type of the values that a schema accepts. Throws on an unknown keyword, because a type that ignores
 * one would be wrong without notice.
 */
export function typeOf(schema: JsonSchema): string {
  const { $ref, const: constant, enum: values, anyOf, type, items, ...rest } = schema;
  const { properties, required, additionalProperties, ...others } = rest;
  const unknown = Object.keys(others).filter((keyword) => !ANNOTATIONS.has(keyword));
  if (unknown.length > 0) throw new Error(`JSON Schema keyword without a TypeScript type: ${unknown.join()}`);
  if (typeof $ref === 'string') return nameOf($ref);
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (Array.isArray(anyOf)) return anyOf.map((one: JsonSchema) => typeOf(one)).join(' | ');
  if (Array.isArray(type)) return type.map((one: string) => typeOf({ ...schema, type: one })).join(' | ');
  if (type === 'array') return `(${typeOf((items ?? {}) as JsonSchema)})[]`;
  if (type === 'object') return objectType({ properties, required, additionalProperties });
  if (type === undefined) return 'unknown';
  const primitive = typeof type === 'string' ? PRIMITIVES[type] : undefined;
  if (primitive === undefined)
    throw new Error(`JSON Schema type without a TypeScript type: ${JSON.stringify(type)}`);
  return primitive;
}

/** Members of an object type. A description becomes the member's comment. */
function objectType({ properties, required, additionalProperties }: JsonSchema): string {
  const needed = new Set(Array.isArray(required) ? required : []);
  const members = Object.entries((properties ?? {}) as Record<string, JsonSchema>).map(([name, schema]) =>
    member(name, schema, needed.has(name)),
  );
  const open = typeof additionalProperties === 'object' && additionalProperties !== null;
  // Known members of an open object may have other types than the rest.
  const others = members.length > 0 ? 'unknown' : typeOf((additionalProperties ?? {}) as JsonSchema);
  if (open) members.push(`readonly [name: string]: ${others};`);
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${members.join('\n')} }`;
}

export function member(name: string, schema: JsonSchema, required: boolean): string {
  const { description } = schema;
  const comment =
    typeof description === 'string' ? `/** ${description.replaceAll('*/', '*\\/').trim()} */\n` : '';
  const type = typeOf(schema);
  // Optional members may also be undefined, which JSON omits; `unknown` includes undefined already.
  const absent = required || type === 'unknown' ? '' : ' | undefined';
  return `${comment}readonly ${JSON.stringify(name)}${required ? '' : '?'}: ${type}${absent};`;
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
