import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Compiling costs most of a short command's time, so what was compiled is kept; everything else is imported afterwards.
enableCompileCache(join(import.meta.dirname, '..', '.millrace-tools', 'compile-cache'));
const { run } = await import('./run.ts');

process.on('SIGINT', () => {
  process.stderr.write('\nstopped watching; what was started goes on (millrace status)\n');
  process.exit(130);
});
// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  redraws: process.stderr.isTTY,
  columns: () => process.stderr.columns ?? 80,
  environment: async () => (await import('#configs/environment.ts')).readEnvironment(),
  folder: process.cwd(),
});
