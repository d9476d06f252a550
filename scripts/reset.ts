/**
 * `npm run reset`: stops everything that runs in `.millrace/` and deletes it, with the homes of the demo and the tests.
 */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { HOMES, lockHome } from '#local/homes.ts';
import { forgetHome } from '#local/servers.ts';
import { ROOT } from '#local/tools.ts';

try {
  for (const { path } of Object.values(HOMES)) {
    if (!existsSync(path)) continue;
    const lock = await lockHome(path);
    await forgetHome(path);
    lock.release();
    console.log(`forgotten: ${relative(ROOT, path)}/`);
  }
} catch (error) {
  console.error(`reset: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
