import type { TableHandle } from '#platform/table/table.ts';
import type { DossierCheck } from '#registry/dossier/verification.ts';
import type { Registry } from '#registry/registry.ts';
import { timed } from '../numbers.ts';
import { writeDossier } from './write-dossier.ts';

export interface DossierStores {
  readonly table: TableHandle;
  readonly registry: Registry;
}

/** Copies a dossier of `count` entries to the object store, and verifies it as the command line does. */
export async function benchDossier(
  { table, registry }: DossierStores,
  count: number,
  say: (line: string) => void,
) {
  const pair = { model: `entries_${count}`, feature_set: 'behaviour' };
  await writeDossier(table, pair, count);
  say(`copying ${count} entries`);
  const copied = await timed(() => registry.deliverDossier(pair));
  say(`verifying ${count} entries`);
  let longestPage = 0;
  let heap = 0;
  const pages: DossierCheck[] = [];
  const whole = await timed(async () => {
    for (let after: string | undefined; ;) {
      const start = performance.now();
      const page = await registry.verifyDossier(pair, after === undefined ? {} : { after });
      longestPage = Math.max(longestPage, performance.now() - start);
      heap = Math.max(heap, process.memoryUsage().heapUsed);
      pages.push(page);
      after = page.next;
      if (after === undefined) break;
    }
  });
  return {
    entries: count,
    verified: pages.every(({ verified }) => verified),
    copies: pages.reduce((sum, { copies }) => sum + copies, 0),
    pages: pages.length,
    verify_s: seconds(whole),
    longest_page_s: seconds(longestPage),
    copy_s: seconds(copied),
    heap_mb: Math.round(heap / 1024 ** 2),
  };
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
