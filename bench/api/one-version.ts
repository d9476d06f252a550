import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../call.ts';
import type { Example } from '../example.ts';

/** Applies the example, trains its model and waits until version 1 is registered. */
export async function registerOneVersion(call: Call, { files, model, asOf }: Example): Promise<void> {
  const { plan_digest } = await call<{ plan_digest: string }>('POST', '/v1/configs/plan', { files });
  await call('POST', '/v1/configs/apply', { files, plan_digest });
  const { workflow_id } = await call<{ workflow_id: string }>('POST', `/v1/models/${model}/lifecycles`, {
    as_of: asOf,
  });
  while ((await versions(call, model)).length === 0) {
    const { status } = await call<{ status: string }>('GET', `/v1/workflows/${workflow_id}`);
    if (status !== 'running')
      throw new Error(`${workflow_id} is ${status}, and no version has been registered.`);
    await sleep(500);
  }
}

async function versions(call: Call, model: string): Promise<readonly unknown[]> {
  const { items } = await call<{ items: readonly unknown[] }>('GET', `/v1/search?model=${model}`);
  return items;
}
