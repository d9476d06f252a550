import type { JsonSchema } from './json-schema-type.ts';
import type { OpenApiDocument } from './openapi-types.ts';

/** client/answer-members.ts: by method and path, the members that each form of a success has. */
export function answerMembers({ paths, components }: OpenApiDocument): string {
  const forms = (schema: JsonSchema): readonly (readonly string[])[] => {
    const { $ref, anyOf, required } = schema;
    if (typeof $ref === 'string') return forms(components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
    if (Array.isArray(anyOf)) return anyOf.flatMap((one: JsonSchema) => forms(one));
    return [Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []];
  };
  const entries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => {
      const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      const schemas = successes.map(([, { content }]) => content?.['application/json']?.schema ?? {});
      const distinct = new Set(schemas.flatMap(forms).map((form) => JSON.stringify(form)));
      return [`${method.toUpperCase()} ${path}`, [...distinct].map((form) => JSON.parse(form) as unknown)];
    }),
  );
  return [
    '// Generated from the routes of the API by `npm run generate`: edit those.',
    '/** By method and path, the members that each form of a success has, by which an answer of another server is recognised. */',
    `export const ANSWER_MEMBERS: Readonly<Record<string, readonly (readonly string[])[]>> = ${JSON.stringify(Object.fromEntries(entries))};`,
  ].join('\n\n');
}
