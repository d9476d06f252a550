import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliFailure, toFailure } from '#cli/failure.ts';
import { failureText, table } from '#cli/print.ts';
import { nowDoing } from '#cli/runs.ts';
import { EXIT } from '#errors/exit-class.ts';
import { MillraceError } from '#errors/millrace-error.ts';

test('the class of an error in the catalogue is the exit code of the command', () => {
  const cases = [
    ['REQUEST_INVALID', EXIT.badInput],
    ['UNAUTHENTICATED', EXIT.notAllowed],
    ['FORBIDDEN', EXIT.notAllowed],
    ['VERSION_NOT_FOUND', EXIT.notFound],
    ['PLAN_STALE', EXIT.failed],
    ['REQUEST_TOO_LARGE', EXIT.badInput],
    ['CONFIG_INVALID', EXIT.badInput],
    ['INTERNAL', EXIT.failed],
    ['TEMPORAL_UNREACHABLE', EXIT.unreachable],
  ] as const;
  for (const [code, exit] of cases) {
    assert.equal(new CliFailure(code, 'It failed.').exit, exit, code);
    assert.equal(toFailure(new MillraceError(code, 'It failed.')).exit, exit, code);
  }
});

test('an error is printed as code, what, where, each place, and what to do', () => {
  const failure = toFailure(
    new MillraceError('CONFIG_INVALID', 'one problem', {
      where: 'my-configs',
      details: {
        problems: [
          {
            code: 'CONFIG_UNKNOWN_KEY',
            file: 'a.yaml',
            line: 3,
            column: 1,
            path: 'Model/buys: kyes',
            message: 'no',
          },
          { path: 'name', message: 'too long' },
        ],
      },
    }),
  );
  assert.match(
    failureText(failure),
    /^CONFIG_INVALID: one problem\n {2}where: my-configs\n {2}a\.yaml:3:1: .*\n {2}name: too long\n {2}what to do: .+\n$/,
  );
});

test('text from elsewhere cannot move the cursor or colour the terminal', () => {
  const failure = new CliFailure('INTERNAL', 'bad\u001B[2J\u0007 news', { remedy: 'Wait.' });
  assert.equal(failureText(failure), 'INTERNAL: bad[2J news\n  what to do: Wait.\n');
  assert.equal(table(['name'], [['a\u001B[31m\nb']]), 'name\na[31m b\n');
});

test('progress says what is under way in words, with the try and its last failure', () => {
  const step = { kind: 'activity', attempt: 1, name: 'Build habits' } as const;
  const status = { workflow_id: 'w', run_id: 'r', type: 't', status: 'running', started_at: '' } as const;
  assert.equal(nowDoing({ ...status, steps: [] }), 'waiting');
  const steps = [
    { ...step, status: 'completed' as const },
    { ...step, name: 'Score', status: 'running' as const },
    { ...step, name: 'Drift', status: 'retrying' as const, attempt: 3, message: 'busy' },
  ];
  assert.equal(nowDoing({ ...status, steps }), 'Score, Drift (attempt 3: busy)');
});
