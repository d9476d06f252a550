import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { describeResult } from '#scripts/test/print.ts';
import { runTestFile } from '#scripts/test/run-file.ts';
import { readJUnit } from '#scripts/test/run-python.ts';
import { selectTests } from '#scripts/test/select.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-runner-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function runText(name: string, text: string, timeoutMs = 20_000) {
  const file = join(folder, `${name}.test.mjs`);
  writeFileSync(file, `import { test, it, describe, before } from 'node:test';\n${text}`);
  const env = { PATH: process.env['PATH'] };
  return runTestFile(file, { env, folder, home: folder, timeoutMs, signal: new AbortController().signal });
}

describe('a test file', () => {
  it('is counted by its tests, those in suites and those skipped among them', async () => {
    const text = `describe('suite', () => { it('one', () => {}); it.skip('two', () => {}); });
      test('outer', async (t) => { await t.test('inner', () => { throw new Error('broken'); }); });`;
    const result = await runText('counts', text);
    assert.equal(result.passed, 1);
    assert.equal(result.skipped, 1);
    assert.deepEqual(
      result.failures.map(({ name }) => name),
      ['inner'],
    );
    assert.match(describeResult(result), /FAIL .*1 passed, 1 failed, 1 skipped[^]*✗ inner[^]*broken/);
  });

  it('that breaks outside any test counts as one failure', async () => {
    const result = await runText('breaks', `throw new Error('at the top');`);
    assert.equal(result.failures.length, 1);
    assert.match(result.output, /at the top/);
  });

  it('that throws after its tests says what it threw', async () => {
    const text = `test('quick', () => { setTimeout(() => { throw new Error('too late'); }, 50); });`;
    const result = await runText('late', text);
    assert.equal(result.passed, 1);
    assert.match(result.failures[0]?.error ?? '', /too late/);
  });

  it('whose hook fails does not pass', async () => {
    const text = `describe('suite', () => { before(() => { throw new Error('hook'); }); it('one', () => {}); });`;
    const result = await runText('hook', text);
    assert.ok(result.failures.length > 0);
    assert.equal(result.passed, 0);
  });

  it('that does not end is killed and named', async () => {
    const result = await runText('hangs', `test('quick', () => {}); setInterval(() => {}, 1000);`, 1_500);
    assert.equal(result.passed, 1);
    assert.match(result.failures[0]?.error ?? '', /did not end within 1.5 s/);
  });

  it('without tests fails', async () => {
    const result = await runText('empty', '');
    assert.match(result.failures[0]?.error ?? '', /holds no test/);
  });
});

describe('the choice of tests', () => {
  const found = [
    'test/e2e/demo.test.ts',
    'test/unit/b.test.ts',
    'test/integration/a.test.ts',
    'test/unit/a.test.ts',
  ];

  it('goes from quick layers to slow ones', () => {
    assert.deepEqual(selectTests([], false, found), {
      files: [
        'test/unit/a.test.ts',
        'test/unit/b.test.ts',
        'test/integration/a.test.ts',
        'test/e2e/demo.test.ts',
      ],
      python: true,
    });
  });

  it('follows parts of paths, and --fast leaves out what needs servers', () => {
    assert.deepEqual(selectTests(['a.test'], false, found).files, [
      'test/unit/a.test.ts',
      'test/integration/a.test.ts',
    ]);
    assert.deepEqual(selectTests(['trainer'], false, found), { files: [], python: true });
    assert.deepEqual(selectTests([], true, found), {
      files: ['test/unit/a.test.ts', 'test/unit/b.test.ts'],
      python: false,
    });
  });
});

describe("pytest's report", () => {
  it('gives counts, errors among the failures', () => {
    const xml =
      '<?xml version="1.0"?><testsuites name="t"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"></testsuite></testsuites>';
    assert.deepEqual(readJUnit(xml), { passed: 4, failed: 3, skipped: 3 });
    assert.equal(readJUnit('no report'), undefined);
  });
});
