import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { loadDataSet } from '#local/load-data-set.ts';
import { PLATFORM_PROCESSES, startPlatform, type PlatformProcess } from '#local/platform.ts';
import { readRecord } from '#local/records.ts';
import { stopServers, type Servers } from '#local/servers.ts';
import { ROOT } from '#local/tools.ts';
import { workflowBundle } from '#workers/bundle.ts';
import { callAs, type Call } from '../call.ts';
import type { Example } from '../example.ts';
import { ratio } from '../numbers.ts';
import { usageOf, type Usage } from './usage.ts';

const PLANS = 20;
/** The optimising compiler keeps working in background threads. */
const SETTLE_MS = 3_000;

const NAMES = Object.keys(PLATFORM_PROCESSES) as PlatformProcess[];
type Usages = Readonly<Record<PlatformProcess, Usage>>;

/**
 * CPU and peak memory of the platform's processes: at the start, and after the example's partitions are built and the
 * example is planned 20 times. Then the same with V8's optimising compiler for WebAssembly.
 */
export async function benchProcesses(
  servers: Servers,
  say: (line: string) => void,
  example: Example,
): Promise<unknown> {
  const preload = pathToFileURL(join(ROOT, 'bench/processes/optimising-compiler.mjs')).href;
  const ours = await measure(servers, example, 'baseline', {}, say);
  const optimising = await measure(
    servers,
    example,
    'optimising',
    { NODE_OPTIONS: `--import=${preload}` },
    say,
  );
  return {
    bench: 'processes',
    at_start: ours.atStart,
    at_end: ours.atEnd,
    at_end_optimising: optimising.atEnd,
    cpu_ratio: ratiosOf(({ cpu_s }) => cpu_s),
    peak_ratio: ratiosOf(({ peak_mib }) => peak_mib),
  };

  function ratiosOf(figure: (usage: Usage) => number) {
    return Object.fromEntries(
      NAMES.map((name) => [name, ratio(figure(ours.atEnd[name]), figure(optimising.atEnd[name]))]),
    );
  }
}

/** Runs a separate installation on the servers, from an empty table to the last plan. */
async function measure(
  servers: Servers,
  example: Example,
  variant: string,
  extra: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<{ readonly atStart: Usages; readonly atEnd: Usages }> {
  const home = join(servers.home, variant);
  const names = { MILLRACE_HOME: home, MILLRACE_TABLE: variant, MILLRACE_BUCKET: variant };
  // Not measured: a worker builds the bundle once for each version of the code.
  await workflowBundle(join(home, 'bundle'));
  try {
    const platform = await startPlatform({ home, env: { ...servers.env, ...names, ...extra } });
    await loadDataSet(platform.env, 'credit-card');
    const atStart = usages(home);
    say(`${variant}: partitions and ${PLANS} plans`);
    await work(callAs(platform.api, platform.adminKey), example);
    await sleep(SETTLE_MS);
    return { atStart, atEnd: usages(home) };
  } finally {
    await stopServers(home);
  }
}

async function work(call: Call, { files, set, from, to }: Example): Promise<void> {
  const plan = () => call<{ readonly plan_digest: string }>('POST', '/v1/configs/plan', { files });
  const { plan_digest } = await plan();
  await call('POST', '/v1/configs/apply', { files, plan_digest });
  const { runs } = await call<{ readonly runs: readonly unknown[] }>(
    'POST',
    `/v1/feature-sets/${set}/partitions`,
    { from, to },
  );
  while ((await committed(call, set)) < runs.length) await sleep(1_000);
  for (let done = 1; done < PLANS; done += 1) await plan();
}

async function committed(call: Call, set: string): Promise<number> {
  const path = `/v1/feature-sets/${set}/partitions`;
  return (await call<{ readonly items: readonly unknown[] }>('GET', path)).items.length;
}

function usages(home: string): Usages {
  const of = (name: PlatformProcess) => usageOf(readRecord(home, name)?.pid ?? 0);
  return { worker: of('worker'), scoring: of('scoring'), api: of('api') };
}
