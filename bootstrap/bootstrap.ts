import type { Client } from '@temporalio/client';
import type { Environment } from '#configs/environment.ts';
import { ensureBucket } from '#platform/objects/s3-object-store.ts';
import { ensureTable, type TableHandle } from '#platform/table/table.ts';
import { createKeysStore } from '#access/keys-store.ts';
import { bootstrapAdminKey, type AdminKey } from './admin-key.ts';
import { ensureSearchAttributes } from './search-attributes.ts';
import { ensureSystemSchedules } from './schedules.ts';

export interface Bootstrap {
  readonly environment: Environment;
  readonly table: TableHandle;
  readonly temporal: Client;
  /** Create one more admin key even if one exists. */
  readonly anotherAdminKey?: boolean;
  /** Called before each step. */
  readonly say?: (step: string) => void;
}

export interface Bootstrapped {
  readonly table: string;
  readonly bucket: string;
  /** Names that were missing from the namespace. */
  readonly search_attributes: readonly string[];
  /** By id, how each was found: missing, right, or wrong (paused, edited or dead). All are right afterwards. */
  readonly schedules: Awaited<ReturnType<typeof ensureSystemSchedules>>;
  /** `null` if an admin key already exists. */
  readonly admin_key: AdminKey | null;
}

/**
 * Creates everything an installation needs before its first process starts. Idempotent: existing parts are left
 * unchanged.
 */
export async function bootstrap({
  environment,
  table,
  temporal,
  anotherAdminKey = false,
  say = () => undefined,
}: Bootstrap): Promise<Bootstrapped> {
  say(`table ${table.name} with its indexes`);
  await ensureTable(table);
  say(`bucket ${environment.MILLRACE_BUCKET}`);
  await ensureBucket(environment, environment.MILLRACE_BUCKET);
  say(`search attributes of namespace ${temporal.options.namespace}`);
  const searchAttributes = await ensureSearchAttributes(temporal);
  say('schedules of the sweeps');
  const schedules = await ensureSystemSchedules(temporal);
  say('first admin key');
  const adminKey = await bootstrapAdminKey(createKeysStore(table), { another: anotherAdminKey });
  return {
    table: table.name,
    bucket: environment.MILLRACE_BUCKET,
    search_attributes: searchAttributes,
    schedules,
    admin_key: adminKey ?? null,
  };
}
