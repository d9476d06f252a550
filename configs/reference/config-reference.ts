import { CONFIG_KINDS, type JsonSchema, jsonSchemaOf } from '../document-schemas.ts';

/** The tables of docs/configs.md, generated from the schemas that the loader uses. */
export function configReference(): string {
  return CONFIG_KINDS.map((kind) => {
    const schema = jsonSchemaOf(kind);
    const rows = keyRows(schema, '').map(
      ({ path, required, form, meaning }) => `| \`${path}\` | ${required} | ${form} | ${meaning} |`,
    );
    return [
      `## ${kind}`,
      '',
      schema.description ?? '',
      '',
      '| key | required | form | meaning |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  }).join('\n');
}

interface KeyRow {
  readonly path: string;
  readonly required: string;
  readonly form: string;
  readonly meaning: string;
}

function keyRows(schema: JsonSchema, prefix: string): KeyRow[] {
  const forms = alternatives(schema);
  return forms.flatMap((one) => {
    const named = Object.entries(one.properties ?? {}).flatMap(([key, value]) => {
      const path = prefix === '' ? key : `${prefix}.${key}`;
      const isRequired = (one.required ?? []).includes(key);
      const row = {
        path,
        required: isRequired ? (forms.length > 1 ? 'in this form' : 'yes') : defaultText(value),
        form: formOf(value),
        meaning: (value.description ?? '').replaceAll('|', '\\|'),
      };
      return [row, ...keyRows(value, path)];
    });
    const rest = typeof one.additionalProperties === 'object' ? one.additionalProperties : undefined;
    return [
      ...named,
      ...(rest === undefined ? [] : keyRows(rest, `${prefix}.<name>`)),
      ...(one.items === undefined ? [] : keyRows(one.items, `${prefix}[]`)),
    ];
  });
}

function defaultText(schema: JsonSchema): string {
  const value = schema.default;
  if (value === undefined) return 'no';
  const text = JSON.stringify(value);
  return ['""', '{}', '[]'].includes(text) || text.length > 40 ? 'no' : `no: \`${text}\``;
}

function formOf(schema: JsonSchema): string {
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return [...new Set(options.map(formOf))].join(' or ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return `list of ${formOf(schema.items ?? {})}`;
  if (schema.type === 'object') return 'mapping';
  if (schema.type === undefined) return 'any';
  return [schema.type].flat().join(' or ');
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return (schema.anyOf ?? schema.oneOf)?.flatMap(alternatives) ?? [schema];
}
