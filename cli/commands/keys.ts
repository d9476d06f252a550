import { Option, type Command } from 'commander';
import type { ApiKey } from '#client/api-types.ts';
import { answer } from '#client/client.ts';
import { table } from '../print.ts';
import { allPages } from '../pages.ts';
import { common, print, type CommonOptions, type Shell } from '../shell.ts';

const ROLES = [
  'viewer',
  'scheduler',
  'scientist',
  'approver',
  'operator',
  'admin',
] as const satisfies ApiKey['roles'];

interface NewKeyOptions {
  readonly role: ApiKey['roles'];
  readonly team?: string[];
}

/** API keys; for admins. */
export function keyCommands(program: Command, shell: Shell): void {
  const keys = program.command('keys').description('API keys; for admins');

  common(keys.command('list').description('list keys and their principals'), 'keys list').action(
    async (options: CommonOptions) => {
      const client = await shell.connect();
      const all = await allPages((query) => answer(client.GET('/v1/keys', { params: { query } })));
      const rows = all.map((key) => [
        key.id,
        key.name,
        key.roles.join(', '),
        key.teams.join(', '),
        key.created_at,
        key.created_by,
        key.revoked_at === undefined ? 'valid' : `revoked ${key.revoked_at}`,
      ]);
      print(
        shell,
        options,
        { keys: all },
        table(['id', 'principal', 'roles', 'teams', 'created', 'by', 'state'], rows),
      );
    },
  );

  common(
    keys
      .command('create')
      .argument('<principal>', 'name recorded as author, as approver and in the audit trail')
      .addOption(new Option('--role <role...>', 'what the key may do').choices(ROLES).makeOptionMandatory())
      .option(
        '--team <team...>',
        'teams (owners of documents) whose work the key may change; an admin needs none',
      )
      .description('create a key; it is shown only once'),
    'keys create ana --role scientist operator --team risk-models risk-data',
  ).action(async (name: string, options: CommonOptions & NewKeyOptions) => {
    const client = await shell.connect();
    const { role: roles, team: teams = [] } = options;
    const made = await answer(client.POST('/v1/keys', { body: { name, roles, teams } }));
    const inTeams = made.teams.length === 0 ? 'in no team' : `in ${made.teams.join(', ')}`;
    shell.terminal.err(
      `key ${made.id} of ${made.name} (${made.roles.join(', ')}; ${inTeams}); it cannot be shown again:\n`,
    );
    print(shell, options, made, `${made.key}\n`);
  });

  common(
    keys.command('revoke').argument('<id>').description('revoke a key; the last admin key cannot be revoked'),
    'keys revoke 0a1b2c3d4e5f',
  ).action(async (id: string, options: CommonOptions) => {
    const client = await shell.connect();
    const key = await answer(client.DELETE('/v1/keys/{id}', { params: { path: { id } } }));
    print(shell, options, key, `key ${key.id} of ${key.name} is revoked\n`);
  });
}
