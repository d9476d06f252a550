import { execFile } from 'node:child_process';

/**
 * Programs that must be on the machine before set-up starts; set-up downloads everything else. `find` returns the
 * version text, `accept` decides whether it is sufficient.
 */
export const PREREQUISITES = [
  {
    what: 'Node 20 or newer',
    commands: [[process.execPath, ['--version']]],
    accept: (text) => Number(/^v(\d+)/.exec(text)?.[1]) >= 20,
    remedy: 'https://nodejs.org/en/download',
  },
  {
    what: 'Python 3.11 with its venv module',
    commands: pythonCommands().map((command) => [
      command,
      ['-c', 'import sys, venv, ensurepip; print("Python %d.%d" % sys.version_info[:2])'],
    ]),
    accept: (text) => text.startsWith('Python 3.11'),
    remedy: 'apt-get install python3.11 python3.11-venv, or brew install python@3.11',
  },
  {
    what: 'a JDK, 17 or newer (javac and java)',
    commands: [['javac', ['-version']]],
    accept: (text) => Number(/javac (\d+)/.exec(text)?.[1]) >= 17,
    remedy: 'apt-get install openjdk-17-jdk-headless, or brew install openjdk@17',
  },
  {
    what: 'Maven 3.6 or newer (mvn)',
    commands: [['mvn', ['--version']]],
    accept: (text) => /Apache Maven (3\.[6-9]|3\.\d\d|[4-9])/.test(text),
    remedy: 'apt-get install maven, or brew install maven',
  },
];

/** Possible commands for Python 3.11, in order of preference. */
export function pythonCommands() {
  return ['python3.11', 'python3', 'python'];
}

/** The prerequisites that are missing, each with what was found instead. */
export async function missingPrerequisites(prerequisites = PREREQUISITES) {
  const checked = await Promise.all(prerequisites.map(check));
  return checked.filter((result) => result !== undefined);
}

async function check({ what, commands, accept, remedy }) {
  const seen = [];
  for (const [command, args] of commands) {
    const text = await versionText(command, args);
    if (text !== undefined && accept(text)) return undefined;
    seen.push(text === undefined ? `${command}: not found` : `${command}: ${firstLine(text)}`);
  }
  return { what, found: seen.join('; '), remedy };
}

/** Undefined if the command does not exist; otherwise its output, including errors. */
function versionText(command, args) {
  return new Promise((done) => {
    execFile(command, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT' || error?.code === 'EACCES') done(undefined);
      // Colour codes and notices of JAVA_TOOL_OPTIONS may precede the version.
      // eslint-disable-next-line no-control-regex
      else done(`${stdout}\n${stderr}`.replace(/\u001b\[[0-9;]*m/g, '').trim());
    });
  });
}

function firstLine(text) {
  return text.split('\n').at(-1)?.trim() || 'no answer';
}
