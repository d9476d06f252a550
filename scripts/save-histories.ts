/** `npm run histories`: records the histories that `test/replay` replays, under the release of `package.json`. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onStop } from '#local/on-stop.ts';
import { HOMES, lockHome } from '#local/homes.ts';
import { forgetHome, startServers } from '#local/servers.ts';
import { ROOT, tools } from '#local/tools.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const home = HOMES.test;
const lock = await lockHome(home.path);
const stopped = new AbortController();
onStop((signal) => stopped.abort(signal));
try {
  await forgetHome(home.path);
  const say = (line: string): void => console.log(line);
  const servers = await startServers(home.path, { portOffset: home.portOffset, throwaway: true, say });
  process.exitCode = await record(servers.env);
} finally {
  await forgetHome(home.path);
  lock.release();
}

function record(servers: Readonly<Record<string, string>>): Promise<number> {
  const own = Object.entries(process.env).filter(([name]) => !/^(MILLRACE|AWS)_/.test(name));
  const child = spawn(process.execPath, ['test/replay/record.ts', version], {
    cwd: ROOT,
    stdio: 'inherit',
    signal: stopped.signal,
    env: {
      ...Object.fromEntries(own),
      ...servers,
      MILLRACE_TEMPORAL_TEST_SERVER: tools.temporalTestServer,
      MILLRACE_LOG_LEVEL: 'error',
    },
  });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => done(code ?? 1));
  });
}
