import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Bootstrapped } from '#api/bootstrap/bootstrap.ts';
import { SAVED_FILE } from '../connection.ts';
import { facts } from '../print.ts';
import { startProgress } from '../progress.ts';
import { common, print, type CommonOptions, type Shell } from '../shell.ts';

/**
 * Brings an installation up. These commands alone do not go through the API; what they need is loaded when they run, so that
 * the others start fast.
 */
export function installationCommands(program: Command, shell: Shell): void {
  const { terminal } = shell;

  common(
    program
      .command('up')
      .description('start local servers, workers and the API of this checkout, and leave them running'),
    'up',
  ).action(async (options: CommonOptions) => {
    const { HOMES } = await import('#scripts/servers/homes.ts');
    const { startServers } = await import('#scripts/servers/servers.ts');
    const { startPlatform } = await import('#scripts/servers/platform.ts');
    const { path: home, portOffset } = HOMES.start;
    const { api, temporalUi } = await (async () => {
      using progress = startProgress(terminal, 'up');
      progress.say('Temporal, DynamoDB Local and SeaweedFS');
      const servers = await startServers(home, { portOffset, say: (line) => progress.say(line) });
      progress.say('workers and API');
      return startPlatform(servers);
    })();
    const where = { api, docs: `${api}/docs`, temporal_ui: temporalUi, home };
    print(shell, options, where, facts(Object.entries(where)));
  });

  common(
    program.command('down').description('stop what `up` started; the data stays in .millrace/'),
    'down',
  ).action(async (options: CommonOptions) => {
    const { HOMES } = await import('#scripts/servers/homes.ts');
    const { stopServers } = await import('#scripts/servers/servers.ts');
    const { path: home } = HOMES.start;
    await (async () => {
      using progress = startProgress(terminal, 'down');
      progress.say('stopping');
      await stopServers(home);
    })();
    print(shell, options, { stopped: true, home }, `stopped; the data stays in ${home}\n`);
  });

  common(
    program
      .command('bootstrap')
      .option('--another-admin-key', 'make one more admin key although there is one')
      .description('prepare an installation: table, indexes, bucket, search attributes, schedule, first key'),
    'bootstrap',
  ).action(async (options: CommonOptions & { anotherAdminKey?: boolean }) => {
    const { bootstrapFromEnvironment } = await import('#api/bootstrap/from-environment.ts');
    const done = await (async () => {
      using progress = startProgress(terminal, 'bootstrap');
      return bootstrapFromEnvironment(terminal.environment, {
        anotherAdminKey: options.anotherAdminKey === true,
        say: (step) => progress.say(step),
      });
    })();
    const saved = done.admin_key === null ? undefined : await saveKey(shell, done.admin_key.text);
    if (saved !== undefined) terminal.err(`the admin key is in ${saved}, and nowhere else\n`);
    print(shell, options, { ...done, saved: saved ?? null }, bootstrappedText(done));
  });
}

/** Where the other commands find it; readable by its owner alone. */
async function saveKey({ terminal }: Shell, key: string): Promise<string> {
  const { MILLRACE_API_URL, MILLRACE_API_HOST, MILLRACE_API_PORT, MILLRACE_HOME } = terminal.environment;
  const url = MILLRACE_API_URL ?? `http://${MILLRACE_API_HOST}:${MILLRACE_API_PORT}`;
  const home = resolve(terminal.folder, MILLRACE_HOME);
  const path = join(home, SAVED_FILE);
  await mkdir(home, { recursive: true });
  await writeFile(path, `${JSON.stringify({ url, key })}\n`, { mode: 0o600 });
  return path;
}

function bootstrappedText({
  table,
  bucket,
  search_attributes: added,
  sweep_schedule,
  admin_key,
}: Bootstrapped) {
  return facts([
    ['table', table],
    ['bucket', bucket],
    ['search attributes', added.length === 0 ? 'present' : `added ${added.join(', ')}`],
    ['reconcile schedule', sweep_schedule],
    ['admin key', admin_key === null ? 'present' : `made ${admin_key.id}`],
  ]);
}
