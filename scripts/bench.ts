/** `npm run bench -- <name>`: runs a benchmark on its own servers. The last line of output is one JSON object. */
import { benchCalls } from '#bench/lifecycle/calls.ts';
import { benchLifecycle } from '#bench/lifecycle/main.ts';
import { benchFeatures } from '#bench/features/main.ts';
import { benchLarge } from '#bench/features/large/main.ts';
import { benchGrowth } from '#bench/growth/main.ts';
import { benchApi } from '#bench/api/main.ts';
import { benchRegistry } from '#bench/registry/main.ts';
import { benchProcesses } from '#bench/processes/main.ts';
import { onStop } from '#local/on-stop.ts';
import { HOMES, lockHome } from '#local/homes.ts';
import { forgetHome, startServers } from '#local/servers.ts';
import { readExample } from './demo/example.ts';

const BENCHES = {
  lifecycle: benchLifecycle,
  processes: benchProcesses,
  api: benchApi,
  growth: benchGrowth,
  calls: benchCalls,
  features: benchFeatures,
  'large-partition': benchLarge,
  registry: benchRegistry,
} as const;

const name = process.argv[2] ?? '';
if (!(name in BENCHES)) {
  process.stderr.write(`usage: npm run bench -- <${Object.keys(BENCHES).join('|')}>\n`);
  process.exit(2);
}
const { path: home, portOffset } = HOMES.bench;
const lock = await lockHome(home);
onStop(() => void forgetHome(home).finally(() => process.exit(130)));
try {
  await forgetHome(home);
  const servers = await startServers(home, { portOffset });
  const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`);
  const result = await BENCHES[name as keyof typeof BENCHES](servers, say, await readExample());
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await forgetHome(home);
  lock.release();
}
