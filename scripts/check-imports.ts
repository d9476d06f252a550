/** Part of `npm run check`: rejects imports that the lint rules about `#name` miss, and code outside the folders of the import order. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#local/tools.ts';
import { importProblems } from './generate/import-problems.ts';

const files = globSync('{*.{ts,mts},[!.]*/**/*.{ts,mts}}', { cwd: ROOT, exclude: ['node_modules', '**/.*'] });
const problems = files.flatMap((file) => importProblems(file, readFileSync(join(ROOT, file), 'utf8')));
if (problems.length > 0) {
  console.log(problems.join('\n'));
  process.exitCode = 1;
}
