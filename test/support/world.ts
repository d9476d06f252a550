import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { readEnvironment, type Environment } from '#configs/environment.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable, type TableHandle } from '#platform/table/table.ts';
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
import { networkTo, type Network } from './network.ts';
import { until } from './runs.ts';
import { freshStores } from './stores.ts';
import { freshNamespace } from './temporal.ts';

const QUEUES: readonly QueueName[] = allQueues;

export type World = Awaited<ReturnType<typeof worldOn>>;

/** The ways of the workers to what they use; what the test itself reads and writes goes past them. */
export interface Networks {
  readonly table: Network;
  readonly objects: Network;
  readonly temporal: Network;
}

/** A skipping world whose workers reach table, store and Temporal's client calls through networks that can be cut. */
export async function cuttableWorld(queues = QUEUES) {
  await using opened = new AsyncDisposableStack();
  const env = readEnvironment();
  const table = opened.use(await networkTo(new URL(env.MILLRACE_TABLE_ENDPOINT ?? '').host));
  const objects = opened.use(await networkTo(new URL(env.MILLRACE_S3_ENDPOINT ?? '').host));
  const far: { temporal?: Network; connection?: Connection } = {};
  const world = await skippingWorld(queues, async (stores, address) => {
    const temporal = (far.temporal = opened.use(await networkTo(address)));
    // A client that tries again by itself, or connects again only after a while, takes the time of the clock, which does not skip.
    const connection = (far.connection = await Connection.connect({
      address: temporal.address,
      interceptors: [],
      channelArgs: { 'grpc.max_reconnect_backoff_ms': 500, 'grpc.initial_reconnect_backoff_ms': 100 },
    }));
    opened.defer(() => connection.close());
    const through = {
      ...env,
      MILLRACE_TABLE_ENDPOINT: `http://${table.address}`,
      MILLRACE_S3_ENDPOINT: `http://${objects.address}`,
    };
    const used = {
      table: openTable(through, stores.table.name),
      objects: opened.use(createS3ObjectStore(through, stores.objects.bucket)),
    };
    return { ...used, client: labelling(connection, 'default', used) };
  });
  opened.use(world);
  const { temporal, connection } = far;
  if (temporal === undefined || connection === undefined)
    throw new Error('the world was made without its networks');
  const mend = async (): Promise<void> => {
    await temporal.mend();
    const ask = () =>
      connection.workflowService.getSystemInfo({}).then(
        () => true,
        () => false,
      );
    await until(ask, 'the client has connected to Temporal again');
  };
  const resources = opened.move();
  return {
    ...world,
    networks: { table, objects, temporal: { ...temporal, mend } } satisfies Networks,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** What the activities use, made from what the test uses and the address of the Temporal server. */
type Through = (stores: Stores, temporal: string) => Promise<Used>;
interface Used {
  readonly table: TableHandle;
  readonly objects: ObjectStore;
  readonly client: Client;
}

/** The whole platform on stores of its own, with production's workers, on Temporal's time-skipping server. */
export async function skippingWorld(queues = QUEUES, through?: Through) {
  const { MILLRACE_TEMPORAL_TEST_SERVER: path } = process.env;
  if (path === undefined) throw new Error('MILLRACE_TEMPORAL_TEST_SERVER names no test server');
  await using opened = new AsyncDisposableStack();
  const { stores, env } = await makeStores(opened);
  const skipping = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  opened.defer(() => skipping.teardown());
  const ending = new AbortController();
  opened.defer(() => ending.abort());
  const { nativeConnection: connection, client } = skipping;
  await addSearchAttributes(client);
  const used = await through?.(stores, skipping.address);
  const world = await worldOn(opened, { stores, env, connection, client, queues, ...(used && { used }) });
  return {
    ...world,
    /** The server's clock, milliseconds. */
    now: () => skipping.currentTimeMs(),
    /** Lets time pass on the server; at once, where nothing is to be done in it. The end of the world ends it. */
    skip: (ms: number) => skipping.connection.withAbortSignal(ending.signal, () => skipping.sleep(ms)),
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

/** A client that gives what it starts team and priority, as production's does. */
function labelling(
  connection: Client['connection'],
  namespace: string,
  { table, objects }: Pick<Used, 'table' | 'objects'>,
): Client {
  const owners = createWorkOwners(createConfigStore(table, objects));
  return new Client({ connection, namespace, interceptors: { workflow: [startLabels(owners)] } });
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
    /** Of the activities; default: the same as the test's. */
    readonly used?: Used;
  },
) {
  const { env, connection, client } = from;
  const { table, objects } = from.stores;
  // Not the skipping client: an activity that awaits a run must not make time pass for everybody else.
  const plain = labelling(client.connection, env.MILLRACE_TEMPORAL_NAMESPACE, { table, objects });
  const used = from.used ?? { table, objects, client: plain };
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
    activities: wrapped(wireActivities(env, used.client, { ...used, jobs }), from.around),
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
