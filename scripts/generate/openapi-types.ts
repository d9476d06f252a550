import { member, typeOf, type JsonSchema } from './json-schema-type.ts';

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: Body & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Body & { readonly $ref?: string }>>;
}

/** The parts of an OpenAPI 3.1 document that the client needs. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** client/api-types.ts: the named schemas, and `paths` in the form that openapi-fetch reads. */
export function openApiTypes({ paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).map(
    ([path, methods]) => `${JSON.stringify(path)}: {${Object.entries(methods).map(methodType).join('\n')}};`,
  );
  const body = operations.join('\n');
  const named = Object.entries(components.schemas)
    // The document also contains each schema in the form of a request, which no route uses.
    .filter(([name]) => !name.endsWith('Input'))
    .map(([name, schema]) => `export type ${name} = ${typeOf(schema)};`);
  return [
    '// Generated from the routes of the API by `npm run generate`: edit those.',
    ...named,
    `export interface paths {${body}}`,
  ].join('\n\n');
}

function methodType([method, operation]: [string, Operation]): string {
  const { summary, parameters = [], requestBody, responses } = operation;
  const answers = Object.entries(responses).map(
    ([status, answer]) =>
      `${status === 'default' ? 'default' : status}: ${answer.$ref === undefined ? content(answer) : PROBLEM};`,
  );
  const places = ['query', 'path'].flatMap((place) => {
    const own = parameters.filter((one) => one.in === place);
    if (own.length === 0) return [];
    const optional = own.every(({ required }) => required !== true) ? '?' : '';
    return `${place}${optional}: { ${own.map(parameter).join('\n')} };`;
  });
  return [
    summary === undefined ? '' : `/** ${summary} */`,
    `${method}: {`,
    `parameters: { ${places.join(' ')} };`,
    requestBody === undefined ? '' : `requestBody: ${content(requestBody)};`,
    `responses: { ${answers.join(' ')} };`,
    '};',
  ].join('\n');
}

const PROBLEM = "{ content: { 'application/problem+json': Problem } }";

function parameter(one: NonNullable<Operation['parameters']>[number]): string {
  const { name, description, schema, required = false } = one;
  return member(name, description === undefined ? schema : { ...schema, description }, required);
}

function content({ content: bodies = {} }: Body): string {
  const types = Object.entries(bodies).map(
    ([type, { schema }]) => `${JSON.stringify(type)}: ${typeOf(schema)};`,
  );
  return types.length === 0 ? '{ content?: never }' : `{ content: { ${types.join(' ')} } }`;
}
