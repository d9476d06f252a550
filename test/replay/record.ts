/**
 * Runs every workflow through its scenarios and saves what happened. Started by `npm run histories` with servers of its own
 * and the name of the release: `node test/replay/record.ts 0.1.0`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { namespaceWorld, skippingWorld } from '#test/support/world.ts';
import { FINGERPRINTS, fingerprint, HISTORIES, savedHistories } from './histories.ts';
import { lastingScenarios, scenarios, type Save } from './scenarios.ts';

const [release] = process.argv.slice(2);
if (release === undefined) throw new Error('usage: node test/replay/record.ts <release>');

mkdirSync(HISTORIES, { recursive: true });
{
  await using world = await namespaceWorld();
  await scenarios(world, save);
}
{
  await using world = await skippingWorld();
  await lastingScenarios(world, save);
}
const prints = Object.fromEntries(savedHistories().map((saved) => [saved.name, fingerprint(saved)]));
writeFileSync(FINGERPRINTS, `${JSON.stringify(prints, undefined, 2)}\n`);

async function save(...[workflow, scenario, handle]: Parameters<Save>): Promise<void> {
  const json = withoutMachine(historyToJSON(await handle.fetchHistory()));
  writeFileSync(join(HISTORIES, `${workflow}.${scenario}.${release}.json`), `${json}\n`);
  console.log(`${workflow}.${scenario}: ${json.length} bytes`);
}

/** Names of processes and places in files tell of the machine that recorded, and replay nothing. */
function withoutMachine(json: string): string {
  const keep = (name: string, value: unknown): unknown => {
    if (name === 'identity' || name === 'stackTrace') return '';
    // A worker's own queue is named by its process.
    return name === 'name' && typeof value === 'string' && /^\d+@/.test(value) ? 'sticky' : value;
  };
  return JSON.stringify(JSON.parse(json, keep), undefined, 1);
}
