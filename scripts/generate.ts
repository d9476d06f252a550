/** `npm run generate [-- --check]`: writes every generated file, or with `--check` fails when one is stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { editorSchemas } from '#configs/reference/config-json-schema.ts';
import { cardJsonSchema } from '#registry/cards/card-json-schema.ts';
import { ROOT } from '#local/tools.ts';
import { answerMembers } from './generate/answer-members.ts';
import { withArchitecture } from './generate/architecture.ts';
import { withConfigReference } from './generate/config-docs.ts';
import { errorDocs } from './generate/error-docs.ts';
import { estimatorDocs } from './generate/estimator-docs.ts';
import { functionDocs } from './generate/function-docs.ts';
import { withImportRules } from './generate/lint-rules.ts';
import { openApiDocument } from './generate/openapi-document.ts';
import { openApiTypes } from './generate/openapi-types.ts';
import { typeDocs } from './generate/type-docs.ts';

/**
 * Each generated file and how it is derived from its sources and, if people write parts of it, from its present text.
 */
const GENERATED: Readonly<Record<string, (now: string) => string | Promise<string>>> = {
  '.oxlintrc.json': withImportRules,
  'client/answer-members.ts': async () => answerMembers(await openApiDocument()),
  'client/api-types.ts': async () => openApiTypes(await openApiDocument()),
  'docs/architecture.md': withArchitecture,
  'docs/errors.md': errorDocs,
  'docs/configs.md': withConfigReference,
  'docs/reference/estimators.md': estimatorDocs,
  'docs/reference/functions.md': functionDocs,
  'docs/reference/types.md': typeDocs,
  'docs/model-card.schema.json': () => json(cardJsonSchema()),
  ...Object.fromEntries(
    [...editorSchemas()].map(([name, schema]) => [`configs/json-schema/${name}`, () => json(schema)]),
  ),
};

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const options = JSON.parse(readFileSync(join(ROOT, '.prettierrc.json'), 'utf8')) as object;
const stale: string[] = [];
for (const [path, generate] of Object.entries(GENERATED)) {
  const file = join(ROOT, path);
  const now = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const text = await generate(now);
  const isFormatted = /\.(json|ts)$/.test(path) && !path.startsWith('configs/json-schema/');
  const generated = isFormatted ? await format(text, { ...options, filepath: file }) : text;
  if (generated === now) continue;
  stale.push(path);
  if (!values.check) writeFileSync(file, generated);
}
if (stale.length > 0) console.log(`${values.check ? 'stale' : 'written'}: ${stale.join(', ')}`);
if (values.check && stale.length > 0) {
  console.log('Run `npm run generate` and commit the result.');
  process.exitCode = 1;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
