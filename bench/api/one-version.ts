import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { readConfigFolder } from '#configs/read-folder.ts';
import { ROOT } from '#local/tools.ts';
import type { Call } from '../call.ts';

/** Path of the pair that the example's model makes with its feature set. */
export const PAIR = '/v1/pairs/default_risk/repayment_behaviour';
/** After the labels of the newest partition. */
const AS_OF = '2005-11-01';

/** Applies the credit example, trains its model and waits until version 1 is registered. */
export async function registerOneVersion(call: Call): Promise<void> {
  const files = await readConfigFolder(join(ROOT, 'configs/examples/credit'));
  const { base_digest } = await call<{ base_digest: string }>('POST', '/v1/configs/plan', { files });
  await call('POST', '/v1/configs/apply', { files, base_digest });
  const { workflow_id } = await call<{ workflow_id: string }>('POST', '/v1/models/default_risk/lifecycles', {
    as_of: AS_OF,
  });
  while ((await versions(call)).length === 0) {
    const { status } = await call<{ status: string }>('GET', `/v1/workflows/${workflow_id}`);
    if (status !== 'running') throw new Error(`${workflow_id} is ${status} and has registered no version`);
    await sleep(500);
  }
}

async function versions(call: Call): Promise<readonly unknown[]> {
  const { items } = await call<{ items: readonly unknown[] }>('GET', '/v1/search?model=default_risk');
  return items;
}
