// Writes configs/json-schema/*.json and the tables of docs/configs.md from the zod schemas: `node configs/write-json-schema.ts`.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { editorSchemas } from './config-json-schema.ts';
import { configReference } from './config-reference.ts';

const MARK = '<!-- The rest is written by configs/write-json-schema.ts. -->';

const folder = new URL('json-schema/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, schema] of editorSchemas()) {
  await writeFile(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);
}

const page = new URL('../docs/configs.md', import.meta.url);
const [handwritten = ''] = (await readFile(page, 'utf8')).split(MARK, 1);
await writeFile(page, `${handwritten}${MARK}\n\n${configReference()}`);
