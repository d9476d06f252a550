import type { Client } from '@temporalio/client';
import { parseEntry } from '#registry/dossier/dossier.ts';
import type { DossierListener } from '#registry/dossier/dossier-listener.ts';
import { signalVerdict, type VersionReader } from '#workflows/contract/signals.ts';

/**
 * Signals the lifecycle waiting for a verdict, because the API may have died between the verdict and its own signal.
 */
export function verdictListener(client: Client, versions: VersionReader): DossierListener {
  return {
    name: 'waiting_lifecycle',
    async deliver(pair, entries) {
      for (const { kind, facts } of entries.map(parseEntry)) {
        if (kind !== 'version_approved' && kind !== 'version_rejected') continue;
        await signalVerdict(client, versions, pair, Number(facts['version']));
      }
    },
  };
}
