import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pythonCommands } from './prerequisites.mjs';

const run = promisify(execFile);

/**
 * The machine's Python 3.11 as a real path, because the shim of a version manager may behave differently in another
 * folder.
 */
export async function findPython(): Promise<string> {
  for (const command of pythonCommands()) {
    const script = 'import sys; print(sys.executable if sys.version_info[:2] == (3, 11) else "")';
    const answer = await run(command, ['-c', script]).then(
      ({ stdout }) => stdout.trim(),
      () => '', // not there, or not a Python: the next name
    );
    if (answer !== '') return answer;
  }
  throw new Error(
    'Python 3.11 is needed: apt-get install python3.11 python3.11-venv, or brew install python@3.11',
  );
}
