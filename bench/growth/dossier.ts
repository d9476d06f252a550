import type { TableHandle } from '#platform/table/table.ts';
import type { DossierCheck } from '#registry/dossier/verification.ts';
import type { Registry } from '#registry/registry.ts';
import { timed } from '../numbers.ts';
import { writeDossier } from './write-dossier.ts';

const HEAP_EVERY_MS = 50;

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
  const copied = await measured(() => registry.deliverDossier(pair));
  say(`verifying ${count} entries`);
  let longestPage = 0;
  const pages: DossierCheck[] = [];
  const whole = await measured(async () => {
    for (let after: string | undefined; ;) {
      const start = performance.now();
      const page = await registry.verifyDossier(pair, after === undefined ? {} : { after });
      longestPage = Math.max(longestPage, performance.now() - start);
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
    verify_s: seconds(whole.ms),
    longest_page_s: seconds(longestPage),
    verify_heap_mb: whole.heapMb,
    copy_s: seconds(copied.ms),
    copy_heap_mb: copied.heapMb,
  };
}

/** How long work takes, and the largest heap meanwhile, with what the collector has not taken away yet. */
async function measured(
  work: () => Promise<unknown>,
): Promise<{ readonly ms: number; readonly heapMb: number }> {
  let heap = 0;
  const sampler = setInterval(() => {
    heap = Math.max(heap, process.memoryUsage().heapUsed);
  }, HEAP_EVERY_MS);
  const ms = await timed(work);
  clearInterval(sampler);
  return { ms, heapMb: Math.round(heap / 1024 ** 2) };
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
