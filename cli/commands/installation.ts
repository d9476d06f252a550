import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Bootstrapped } from '#bootstrap/bootstrap.ts';
import { CliFailure } from '../failure.ts';
import { facts } from '../print.ts';
import { startProgress } from '../progress.ts';
import { common, print, type CommonOptions, type Shell } from '../shell.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Commands that start and prepare an installation. They do not use the API. They load their modules when they run, so that
 * the other commands start fast.
 */
export function installationCommands(program: Command, shell: Shell): void {
  const { terminal } = shell;

  common(
    program
      .command('up')
      .description(
        'start local servers, workers and the API of this checkout, and leave them running; ' +
          'run it again if one dies (only `npm start` restarts them by itself)',
      ),
    'up',
  ).action(async (options: CommonOptions) => {
    await setUp();
    const { startLocal } = await import('#local/local-installation.ts');
    const where = await withProgress(terminal, 'up', startLocal);
    print(shell, options, where, facts(Object.entries(where)));
  });

  common(
    program.command('down').description('stop what `up` started; the data stays in .millrace/'),
    'down',
  ).action(async (options: CommonOptions) => {
    const { stopLocal } = await import('#local/local-installation.ts');
    const home = await withProgress(terminal, 'down', () => stopLocal());
    print(shell, options, { stopped: true, home }, `stopped; the data stays in ${home}\n`);
  });

  common(
    program
      .command('bootstrap')
      .option('--another-admin-key', 'create another admin key, even if one exists')
      .description('prepare an installation: table, indexes, bucket, search attributes, schedule, first key'),
    'bootstrap',
  ).action(async (options: CommonOptions & { anotherAdminKey?: boolean }) => {
    const { bootstrapFromEnvironment } = await import('#bootstrap/from-environment.ts');
    const anotherAdminKey = options.anotherAdminKey === true;
    const environment = await terminal.environment();
    const done = await withProgress(terminal, 'bootstrap', (say) =>
      bootstrapFromEnvironment(environment, { anotherAdminKey, say }),
    );
    const saved = done.admin_key === null ? undefined : await saveKey(shell, done.admin_key.text);
    if (saved !== undefined) terminal.err(`the admin key is saved in ${saved}; it cannot be shown again\n`);
    print(shell, options, { ...done, saved: saved ?? null }, bootstrappedText(done));
  });
}

async function withProgress<T>(
  terminal: Terminal,
  title: string,
  work: (say: (what: string) => void) => Promise<T>,
): Promise<T> {
  using progress = startProgress(terminal, title);
  return work((what) => progress.say(what));
}

/** Downloads the servers into the checkout if they are missing, which takes minutes the first time. */
async function setUp(): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { setUpIsFresh } = await import('#local/fresh.mjs');
  if (setUpIsFresh(root)) return;
  // Its output goes to standard error, since standard output is for results.
  const child = spawn(process.execPath, ['scripts/run.mjs', 'scripts/set-up/main.ts'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'exit');
  if (code === 0) return;
  throw new CliFailure('SET_UP_FAILED', `Set-up ended with exit code ${code}.`);
}

/** Saves the key where the other commands find it, readable only by the owner. */
async function saveKey({ terminal }: Shell, key: string): Promise<string> {
  const { MILLRACE_API_URL, MILLRACE_API_HOST, MILLRACE_API_PORT, MILLRACE_HOME } =
    await terminal.environment();
  const { SAVED_FILE } = await import('../connection.ts');
  const url = MILLRACE_API_URL ?? `http://${MILLRACE_API_HOST}:${MILLRACE_API_PORT}`;
  const home = resolve(terminal.folder, MILLRACE_HOME);
  const path = join(home, SAVED_FILE);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify({ url, key })}\n`, { mode: 0o600 });
  return path;
}

function bootstrappedText({ table, bucket, search_attributes: added, schedules, admin_key }: Bootstrapped) {
  return facts([
    ['table', table],
    ['bucket', bucket],
    ['search attributes', added.length === 0 ? 'present' : `added ${added.join(', ')}`],
    ...Object.entries(schedules).map(
      ([id, was]) =>
        [`schedule ${id}`, was === 'right' ? 'present' : was === 'missing' ? 'created' : 'repaired'] as const,
    ),
    ['admin key', admin_key === null ? 'present' : `created ${admin_key.id}`],
  ]);
}
