#!/usr/bin/env node
/**
 * The `millrace` command. This file runs on Node 20. If the machine's Node cannot run TypeScript, it starts the Node that
 * set-up has installed in the checkout. Working folder, arguments, signals and exit code pass through.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectNode, runsTypeScript } from '../../scripts/set-up/project-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const main = join(root, 'cli', 'main.ts');
if (!existsSync(join(root, 'node_modules'))) {
  process.stderr.write('millrace: this checkout has no packages yet; run `npm run setup` first\n');
  process.exit(1);
}
if (runsTypeScript(process.version)) {
  await import(main);
} else {
  const node = await projectNode(root, (line) => process.stderr.write(`${line}\n`));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
