/** `npm run generate [-- --check]`: writes every generated file, or with `--check` fails when one is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { ROOT } from '#local/tools.ts';
import { withArchitecture } from './generate/architecture.ts';
import { errorDocs } from './generate/error-docs.ts';
import { withImportRules } from './generate/lint-rules.ts';

/** Each generated file and how it follows from its sources and, where people write parts of it, from what it is now. */
const GENERATED: Readonly<Record<string, (now: string) => string | Promise<string>>> = {
  '.oxlintrc.json': withImportRules,
  'docs/architecture.md': withArchitecture,
  'docs/errors.md': errorDocs,
};

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const options = JSON.parse(readFileSync(join(ROOT, '.prettierrc.json'), 'utf8')) as object;
const stale: string[] = [];
for (const [path, generate] of Object.entries(GENERATED)) {
  const file = join(ROOT, path);
  const now = readFileSync(file, 'utf8');
  const text = await generate(now);
  // Pages are written by hand in part, and are not formatted.
  const generated = path.endsWith('.md') ? text : await format(text, { ...options, filepath: file });
  if (generated === now) continue;
  stale.push(path);
  if (!values.check) writeFileSync(file, generated);
}
if (stale.length > 0) console.log(`${values.check ? 'stale' : 'written'}: ${stale.join(', ')}`);
if (values.check && stale.length > 0) {
  console.log('Run `npm run generate` and commit the result.');
  process.exitCode = 1;
}
