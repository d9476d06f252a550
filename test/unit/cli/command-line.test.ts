import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EXIT } from '#errors/exit-class.ts';
import { buildProgram, run } from '#cli/run.ts';
import { serve } from '#test/support/http-server.ts';
import { recordedTerminal } from '#test/support/recorded-terminal.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const call = async (args: readonly string[], variables: Record<string, string> = {}) => {
  const terminal = recordedTerminal(folder, variables);
  return { exit: await run(args, terminal), out: terminal.stdout(), err: terminal.stderr() };
};

test('every command shows an example and takes --json', () => {
  const terminal = recordedTerminal(folder);
  const program = buildProgram({ terminal, connect: () => Promise.reject(new Error('no API')) });
  const leaves = program.commands.flatMap((one) => (one.commands.length > 0 ? one.commands : [one]));
  assert.ok(leaves.length > 25);
  for (const command of leaves) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    assert.match(help, /Example:\n {2}\$ millrace [a-z]/, command.name());
    assert.match(help, /--json/, command.name());
  }
});

test('the help of `up` says that a process that dies is restarted by another `up`', async () => {
  const { out } = await call(['up', '--help']);
  assert.match(
    out.replaceAll(/\s+/g, ' '),
    /run it again if one dies \(only `npm start` restarts them by itself\)/,
  );
});

test('a wrong command line is bad input and says what was meant', async () => {
  const unknown = await call(['validat', '.']);
  assert.equal(unknown.exit, EXIT.badInput);
  assert.match(unknown.err, /Did you mean validate/);
  for (const args of [
    ['train', 'buys'],
    ['train', 'buys', '--as-of', '2026-02-30'],
    ['materialise', 'habits'],
    ['materialise', 'habits', '--dt', '2026-01-01', '--from', '2026-01-01'],
    ['deploy', 'buys', 'one'],
    ['deploy', 'buys', '1', '--cut-off', '1.5'],
    ['approve', 'buys', '1', '--reason', 'fine', '--waive', 'auc'],
    ['keys', 'create', 'ana', '--role', 'king'],
    ['new', 'source', 'Bad-Name'],
  ]) {
    const answer = await call(args);
    assert.equal(answer.exit, EXIT.badInput, args.join(' '));
    assert.notEqual(answer.err, '');
    assert.equal(answer.out, '');
  }
  assert.equal((await call(['--help'])).exit, EXIT.ok);
});

test('with --json a wrong command line too is one JSON line', async () => {
  for (const [args, said] of [
    [['train', 'buys', '--json'], /--as-of/],
    [['train', 'buys', '--as-of', '2026-02-30', '--json'], /2026-02-30/],
    [['materialise', 'habits', '--json'], /--dt/],
  ] as const) {
    const { exit, err } = await call(args);
    assert.equal(exit, EXIT.badInput);
    const { error } = JSON.parse(err);
    assert.equal(error.code, 'COMMAND_LINE_INVALID');
    assert.match(error.message, said);
  }
});

test('what `new` writes is valid as it is, and is never written over', async () => {
  const dir = ['--dir', 'shop'];
  assert.equal((await call(['new', 'source', 'visits', ...dir])).exit, EXIT.ok);
  assert.equal((await call(['new', 'feature-set', 'habits', '--source', 'visits', ...dir])).exit, EXIT.ok);
  assert.equal(
    (await call(['new', 'model', 'buys', '--on', 'habits', '--label', 'visits', ...dir])).exit,
    EXIT.ok,
  );
  const valid = await call(['validate', join(folder, 'shop'), '--json']);
  assert.equal(valid.exit, EXIT.ok, valid.err);
  const { documents } = JSON.parse(valid.out);
  assert.deepEqual(documents.toSorted(), ['FeatureSet/habits', 'Model/buys', 'Source/visits']);
  await writeFile(join(folder, 'shop', 'visits.yaml'), 'mine');
  assert.equal((await call(['new', 'source', 'visits', ...dir])).exit, EXIT.badInput);
  assert.equal(await readFile(join(folder, 'shop', 'visits.yaml'), 'utf8'), 'mine');
});

test('every wrong place in the configs is listed, with exit code 2', async () => {
  const dir = join(folder, 'wrong');
  await call(['new', 'source', 'visits', '--dir', dir]);
  const text = await readFile(join(dir, 'visits.yaml'), 'utf8');
  await writeFile(
    join(dir, 'visits.yaml'),
    text.replace('keys:', 'kyes:').replace('known_time: loaded_at', ''),
  );
  const wrong = await call(['validate', dir]);
  assert.equal(wrong.exit, EXIT.badInput);
  assert.match(wrong.err, /visits\.yaml:6:1: CONFIG_UNKNOWN_KEY: .*did you mean keys/);
  assert.match(wrong.err, /CONFIG_MISSING_KEY/);
  const asJson = JSON.parse((await call(['validate', dir, '--json'])).err);
  assert.equal(asJson.error.exit, EXIT.badInput);
  assert.ok(asJson.error.problems.length >= 2);
  assert.equal((await call(['validate', join(folder, 'nowhere')])).exit, EXIT.badInput);
});

test('rejects a config file that is a pipe or a link to nothing, and does not wait for it', async () => {
  const dir = join(folder, 'kinds');
  await call(['new', 'source', 'visits', '--dir', dir]);
  execFileSync('mkfifo', [join(dir, 'pipe.yaml')]);
  const pipe = await call(['validate', dir]);
  assert.equal(pipe.exit, EXIT.badInput);
  assert.match(
    pipe.err,
    /CONFIG_FILE_UNREADABLE: .*pipe\.yaml .* not a regular file\.\n {2}where: .*pipe\.yaml\n {2}what to do: /,
  );
  const variables = { MILLRACE_API_URL: 'http://127.0.0.1:9', MILLRACE_API_KEY: 'mk_x' };
  for (const command of ['plan', 'apply'])
    assert.match((await call([command, dir], variables)).err, /CONFIG_FILE_UNREADABLE/);
  await rm(join(dir, 'pipe.yaml'));
  await symlink(join(dir, 'visits.yaml'), join(dir, 'again.yaml'));
  assert.doesNotMatch((await call(['validate', dir])).err, /CONFIG_FILE_UNREADABLE/);
  await symlink(join(dir, 'nowhere'), join(dir, 'gone.sql'));
  assert.match((await call(['validate', dir])).err, /CONFIG_FILE_UNREADABLE: .*gone\.sql/);
});

test('rejects a name that leads elsewhere in the arguments of any command, and sends nothing', async () => {
  const asked: (string | undefined)[] = [];
  await using server = await serve((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    answer.end('{"items":[]}');
  });
  const variables = { MILLRACE_API_URL: server.url, MILLRACE_API_KEY: 'mk_x' };
  const set = ['--feature-set', 'habits'];
  const commands = (name: string): readonly (readonly string[])[] => [
    ['train', name, '--as-of', '2026-01-01'],
    ['lifecycle', name, '--as-of', '2026-01-01'],
    ['materialise', name, '--dt', '2026-01-01'],
    ['versions', name],
    ['versions', name, ...set],
    ['versions', 'buys', '--feature-set', name],
    ['card', name, '1', ...set],
    ['deploy', name, '1', ...set],
    ['rollback', name, '--from', '1', ...set],
    ['archive', name, '1', '--reason', 'x', ...set],
    ['alias', 'set', name, 'champion', '1', ...set],
    ['alias', 'set', 'buys', name, '1', ...set],
    ['tags', name, '1', ...set],
    ['partitions', name],
    ['status', name],
    ['cancel', name],
    ['logs', name],
    ['keys', 'revoke', name],
  ];
  for (const name of ['..', '', '%2e%2e'])
    for (const args of commands(name)) {
      const { exit, err } = await call(args, variables);
      // An option that a command lacks would be refused as well, and prove nothing.
      assert.match(err, /REQUEST_INVALID: /, args.join(' '));
      assert.equal(exit, EXIT.badInput, args.join(' '));
    }
  // Before it moves an alias, the command reads those of the pair.
  assert.deepEqual([...new Set(asked)], ['GET /v1/pairs/buys/habits/aliases?limit=200']);
});

test('an API that is not there, and a server that is another, are told apart', async () => {
  const nobody = await call(['status'], { MILLRACE_API_URL: 'http://127.0.0.1:9', MILLRACE_API_KEY: 'mk_x' });
  assert.equal(nobody.exit, EXIT.unreachable);
  assert.match(nobody.err, /API_UNREACHABLE: .*\n {2}where: http:\/\/127\.0\.0\.1:9\n {2}what to do: /);
  await using server = await serve((_request, answer) => answer.writeHead(404).end('oops'));
  const other = await call(['status'], { MILLRACE_API_URL: server.url, MILLRACE_API_KEY: 'mk_x' });
  assert.equal(other.exit, EXIT.unreachable);
  assert.match(other.err, /API_ANSWER_UNKNOWN/);
  const noAddress = { MILLRACE_API_URL: 'localhost:8300', MILLRACE_API_KEY: 'mk_x' };
  const nowhere = await call(['status'], noAddress);
  assert.equal(nowhere.exit, EXIT.badInput);
  assert.match(nowhere.err, /API_URL_INVALID: localhost:8300 .*\n {2}what to do: /);
});

test('a saved key is sent to the address it was saved with, and nowhere else', async () => {
  const asked: (string | undefined)[] = [];
  await using server = await serve((request, answer) => {
    asked.push(request.headers.authorization);
    answer.writeHead(401).end();
  });
  const { url } = server;
  await writeFile(join(folder, 'cli.json'), JSON.stringify({ url, key: 'mk_saved' }));
  assert.equal((await call(['keys', 'list'])).exit, EXIT.notAllowed);
  assert.deepEqual(asked, ['Bearer mk_saved']);
  await writeFile(join(folder, 'cli.json'), JSON.stringify({ url: 'http://127.0.0.1:9', key: 'mk_saved' }));
  await call(['keys', 'list'], { MILLRACE_API_URL: url });
  assert.deepEqual(asked, ['Bearer mk_saved', undefined]);
});
