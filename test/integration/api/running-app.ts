import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import pino from 'pino';
import { buildApp } from '#api/app.ts';
import type { ApiDeps } from '#api/deps.ts';
import { createKeysStore, type KeysStore } from '#access/keys-store.ts';
import { readEnvironment } from '#configs/environment.ts';
import { ROLES, type Role } from '#access/principal.ts';
import { createJobBackends } from '#platform/jobs/job-backends.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import { commandLauncher } from '#test/support/command-jobs.ts';
import { freshStores } from '#test/support/stores.ts';
import { freshNamespace } from '#test/support/temporal.ts';

export interface RunningApp extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly keys: KeysStore;
  readonly deps: ApiDeps;
  /** One key per role, in every team that owns a document of the tests; its principal is the role's name. */
  readonly keyOf: Readonly<Record<Role, string>>;
  /** Lines that the application logged. */
  readonly log: Record<string, unknown>[];
  ask(role: Role, options: InjectOptions): Promise<LightMyRequestResponse>;
}

/** The application over the real servers of the environment, with a table and a bucket of its own. */
export async function runningApp(change: Partial<ApiDeps> = {}, withKeys = true): Promise<RunningApp> {
  const environment = readEnvironment();
  // Whatever fails on the way, what was opened is closed.
  await using opened = new AsyncDisposableStack();
  const { objects, table } = opened.use(await freshStores());
  const { temporal } = opened.use(await freshNamespace());
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line)) });
  const jobsFolder = await mkdtemp(join(tmpdir(), 'millrace-api-'));
  opened.defer(() => rm(jobsFolder, { recursive: true, force: true }));
  const jobs = createJobBackends(createProcessJobBackend({ root: jobsFolder, launcher: commandLauncher() }));
  const deps: ApiDeps = { environment, log: logger, table, objects, temporal, jobs, ...change };
  const app = await buildApp(deps);
  opened.defer(() => app.close());
  await app.ready();
  const keys = createKeysStore(table);
  const teams = ['core', 'risk-data', 'risk-models', 'shop'];
  const keyOf = Object.fromEntries(
    await Promise.all(
      (withKeys ? ROLES : []).map(async (role) => {
        const { text } = await keys.create({ name: role, roles: [role], teams, createdBy: 'test' });
        return [role, text];
      }),
    ),
  ) as Record<Role, string>;
  const resources = opened.move();
  return {
    app,
    keys,
    deps,
    keyOf,
    log,
    ask: (role, options) =>
      app.inject({ ...options, headers: { ...options.headers, authorization: `Bearer ${keyOf[role]}` } }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
