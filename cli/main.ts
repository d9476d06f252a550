import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Compilation takes most of a short command's time, so its result is cached. The cache must be enabled before other imports.
enableCompileCache(join(import.meta.dirname, '..', '.millrace-tools', 'compile-cache'));
const { run } = await import('./run.ts');

process.on('SIGINT', () => {
  process.stderr.write('\nstopped waiting; the workflow keeps running (see millrace status)\n');
  process.exit(130);
});
// A reader that closes the pipe early, such as `head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  redraws: process.stderr.isTTY,
  columns: () => process.stderr.columns ?? 80,
  environment: async () => (await import('#configs/environment.ts')).readEnvironment(),
  folder: process.cwd(),
});
