import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { readEnvironment, type Environment } from '#configs/environment.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import { createLog } from '#platform/telemetry/log.ts';
import { createJobBackends } from '#platform/jobs/job-backends.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import { createProcessLauncher } from '#platform/jobs/process/process-launcher.ts';
import { temporalAddress } from '#platform/temporal/connection.ts';
import { createWorkOwners } from '#catalog/work-owners.ts';
import { createConfigStore } from '#catalog/config-store.ts';
import { createRegistry } from '#registry/registry.ts';
import { createTrainingStore } from '#training/store.ts';
import { createScoresStore } from '#scoring/scores-store.ts';
import { ROOT, TOOLS } from '#local/tools.ts';
import { workflowBundle } from '#workers/bundle.ts';
import { createWorkers } from '#workers/host.ts';
import { allQueues, type QueueName } from '#workers/queues.ts';
import { installTemporalLog } from '#workers/temporal-log.ts';
import { wireActivities } from '#workers/wiring.ts';
import { startLabels } from '#workflows/contract/start-labels.ts';
import { SEARCH_ATTRIBUTES } from '#workflows/contract/search-attributes.ts';
import { freshStores } from './stores.ts';
import { freshNamespace } from './temporal.ts';

const QUEUES: readonly QueueName[] = allQueues;

export type World = Awaited<ReturnType<typeof worldOn>>;

/** The whole platform on stores of its own, with production's workers, on Temporal's time-skipping server. */
export async function skippingWorld(queues = QUEUES) {
  const { MILLRACE_TEMPORAL_TEST_SERVER: path } = process.env;
  if (path === undefined) throw new Error('MILLRACE_TEMPORAL_TEST_SERVER names no test server');
  await using opened = new AsyncDisposableStack();
  const { stores, env } = await makeStores(opened);
  const skipping = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  opened.defer(() => skipping.teardown());
  const { nativeConnection: connection, client } = skipping;
  await addSearchAttributes(client);
  const world = await worldOn(opened, { stores, env, connection, client, queues });
  return {
    ...world,
    /** The server's clock, milliseconds. */
    now: () => skipping.currentTimeMs(),
    /** Lets time pass on the server; at once, where nothing is to be done in it. */
    skip: (ms: number) => skipping.sleep(ms),
  };
}

/** The test server can add them, but not tell which there are. */
async function addSearchAttributes({ connection, options: { namespace } }: Client): Promise<void> {
  const types = Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => [
    name,
    encodeSearchAttributeIndexedValueType(type),
  ]);
  const searchAttributes = Object.fromEntries(types) as Record<string, never>;
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

/** The same on the Temporal server of the environment, in a namespace of its own: with Schedules and listings, in real time. */
export async function namespaceWorld(queues = QUEUES, around: Around = (_name, run) => run()) {
  await using opened = new AsyncDisposableStack();
  const { stores, env: base } = await makeStores(opened);
  const connection = await NativeConnection.connect(temporalAddress(base));
  opened.defer(() => connection.close());
  const { temporal: client, namespace } = opened.use(await freshNamespace());
  const env = { ...base, MILLRACE_TEMPORAL_NAMESPACE: namespace };
  return await worldOn(opened, { stores, env, connection, client, queues, around });
}

/** Runs an activity, or fails in its place. */
type Around = (name: string, run: () => unknown, input: unknown) => unknown;

type Stores = Awaited<ReturnType<typeof makeStores>>['stores'];

async function makeStores(opened: AsyncDisposableStack) {
  const home = mkdtempSync(join(tmpdir(), 'millrace-world-'));
  opened.defer(() => rmSync(home, { recursive: true, force: true }));
  const { objects, table } = opened.use(await freshStores());
  const env: Environment = {
    ...readEnvironment(),
    MILLRACE_HOME: home,
    MILLRACE_TABLE: table.name,
    MILLRACE_BUCKET: objects.bucket,
    MILLRACE_TEMPORAL_NAMESPACE: 'default',
    MILLRACE_PYTHON: smallTrainer(home),
  };
  installTemporalLog(createLog(env, 'test'));
  return { env, stores: { table, objects } };
}

/** Stands where the trainer's Python would, and runs `small-trainer.ts` whatever its arguments. */
function smallTrainer(home: string): string {
  const path = join(home, 'small-trainer');
  writeFileSync(
    path,
    `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'test/support/small-trainer.ts')}'\n`,
  );
  chmodSync(path, 0o755);
  mkdirSync(join(home, 'scratch'));
  return path;
}

function wrapped(activities: ReturnType<typeof wireActivities>, around: Around = (_name, run) => run()) {
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      (...args: never[]) => around(name, () => activity(...args), args[0]),
    ]),
  );
}

async function worldOn(
  opened: AsyncDisposableStack,
  from: {
    readonly stores: Stores;
    readonly env: Environment;
    readonly connection: NativeConnection;
    readonly client: Client;
    readonly queues: readonly QueueName[];
    readonly around?: Around;
  },
) {
  const { env, connection, client } = from;
  const { table, objects } = from.stores;
  // Not the skipping client: an activity that awaits a run must not make time pass for everybody else.
  const plain = new Client({
    connection: client.connection,
    namespace: env.MILLRACE_TEMPORAL_NAMESPACE,
    interceptors: { workflow: [startLabels(createWorkOwners(createConfigStore(table, objects)))] },
  });
  const jobs = createJobBackends(
    createProcessJobBackend({
      root: join(env.MILLRACE_HOME, 'jobs'),
      launcher: createProcessLauncher(env),
      graceMs: 1_000,
      // Small jobs that mostly wait.
      atOnce: 50,
    }),
  );
  const bundle = await workflowBundle(join(TOOLS, 'bundle'));
  const hosting = {
    connection,
    env,
    activities: wrapped(wireActivities(env, plain, { table, objects, jobs }), from.around),
    jobs,
    bundle,
  };
  const workers: { readonly worker: Worker; readonly running: Promise<void> }[] = [];
  const host = async (...queues: readonly QueueName[]): Promise<void> => {
    for (const worker of await createWorkers(queues, hosting))
      workers.push({ worker, running: worker.run() });
  };
  const builds: (() => Promise<void>)[] = [];
  opened.defer(async () => {
    for (const stop of builds) await stop();
  });
  /** Workers of all queues as those of another build: with versioning if it has a name, and with its own workflows. */
  const hostBuild = async (
    build: string | undefined,
    codePath = bundle.codePath,
  ): Promise<AsyncDisposable> => {
    const builtEnv = build === undefined ? env : { ...env, MILLRACE_WORKER_BUILD: build };
    const own = (await createWorkers(allQueues, { ...hosting, env: builtEnv, bundle: { codePath } })).map(
      (worker) => ({ worker, running: worker.run() }),
    );
    let stopped = false;
    const stop = async (): Promise<void> => {
      if (!stopped) for (const { worker } of own) worker.shutdown();
      stopped = true;
      await Promise.all(own.map(({ running }) => running));
    };
    builds.push(stop);
    return { [Symbol.asyncDispose]: stop };
  };
  opened.defer(async () => {
    for (const { worker } of workers) worker.shutdown();
    await Promise.all(workers.map(({ running }) => running));
  });
  await host(...from.queues);
  const resources = opened.move();
  return {
    env,
    /** Awaiting a result by it lets time pass on a server that can. */
    client,
    /** Awaiting by this one takes the time it takes. */
    plain,
    /** Starts workers of queues that were left out at first. */
    host,
    hostBuild,
    table,
    objects,
    registry: createRegistry(table, objects),
    configs: createConfigStore(table, objects),
    partitions: createPartitionStore(table, objects),
    trainings: createTrainingStore(objects),
    scores: createScoresStore(table, objects),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
