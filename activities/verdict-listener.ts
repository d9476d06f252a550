import type { Client } from '@temporalio/client';
import { parseEntry, type EntryKind } from '#registry/dossier/dossier.ts';
import type { DossierListener } from '#registry/dossier/dossier-listener.ts';
import { signalVerdict, type VersionReader } from '#workflows/contract/signals.ts';

const VERDICTS: ReadonlySet<EntryKind> = new Set([
  'version_approved',
  'version_rejected',
  'version_withdrawn',
]);

/**
 * Signals the lifecycle waiting for a verdict, because the API may have died between the verdict and its own signal.
 */
export function verdictListener(client: Client, versions: VersionReader): DossierListener {
  return {
    name: 'waiting_lifecycle',
    async deliver(pair, entries) {
      for (const { kind, facts } of entries.map(parseEntry)) {
        if (!VERDICTS.has(kind)) continue;
        await signalVerdict(client, versions, pair, Number(facts['version']));
      }
    },
  };
}
