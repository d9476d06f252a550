import { WRITTEN_KINDS, type JsonSchema, jsonSchemaOf } from '../document-schemas.ts';

/** JSON Schema by file name, for editors: one per kind, and `config.json`, which selects by `kind`, for files that hold several. */
export function editorSchemas(): ReadonlyMap<string, JsonSchema> {
  const fileOf = (kind: string) =>
    `${kind.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.json`;
  const chooser: JsonSchema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A config document of Millrace',
    type: 'object',
    required: ['kind'],
    properties: { kind: { enum: WRITTEN_KINDS } },
    allOf: WRITTEN_KINDS.map((kind) => ({
      if: { properties: { kind: { const: kind } } },
      // `then` is a JSON Schema keyword; this object is never awaited.
      // oxlint-disable-next-line unicorn/no-thenable
      then: { $ref: fileOf(kind) },
    })),
  };
  return new Map([
    ...WRITTEN_KINDS.map((kind) => [fileOf(kind), { ...jsonSchemaOf(kind), title: kind }] as const),
    ['config.json', chooser],
  ]);
}
