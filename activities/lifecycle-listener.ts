import type { Client } from '@temporalio/client';
import { parseEntry, type EntryKind } from '#registry/dossier/dossier.ts';
import type { DossierListener } from '#registry/dossier/dossier-listener.ts';
import { signalLifecycle, type VersionReader } from '#workflows/contract/signals.ts';

/** Entries after which a lifecycle may go on. */
const AWAITED: ReadonlySet<EntryKind> = new Set([
  'version_rejected',
  'version_withdrawn',
  'version_deleted',
  'version_archived',
  'order_withdrawn',
  'deployment_promoted',
  'deployment_cancelled',
]);

/**
 * Signals the lifecycles that wait for these entries. Whoever wrote an entry may have died before a signal, and a deployment
 * may be carried out while nobody waits for it.
 */
export function lifecycleListener(client: Client, versions: VersionReader): DossierListener {
  return {
    name: 'waiting_lifecycle',
    async deliver(pair, entries) {
      const awaited = entries.map(parseEntry).filter(({ kind }) => AWAITED.has(kind));
      for (const version of new Set(awaited.map(({ facts }) => Number(facts['version'])))) {
        await signalLifecycle(client, versions, pair, version);
      }
    },
  };
}
