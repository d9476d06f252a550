import pLimit from 'p-limit';
import { dagSpec } from '#airflow/dag-spec.ts';
import { createDagSpecStore } from '#airflow/store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { median, timed } from '../numbers.ts';

const ROUNDS = 9;
const WRITES_AT_ONCE = 16;

/** How long it takes to list `count` DAG specs: with an index, unchanged, and once without an index. */
export async function benchDagSpecs(objects: ObjectStore, count: number) {
  const store = createDagSpecStore(objects);
  const atOnce = pLimit(WRITES_AT_ONCE);
  await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const pair = { model: `model_${n}`, feature_set: 'behaviour' };
      const wanted = {
        scheduler: 'airflow',
        schedule: `${n % 60} 5 * * *`,
        timezone: 'Europe/London',
        start: '2026-02-01T00:00:00.000Z',
      } as const;
      return atOnce(() => store.write(pair, dagSpec(pair, wanted)));
    }),
  );
  const read = async () => {
    const { specs } = await (await createDagSpecStore(objects).snapshot(() => true)).read();
    if (specs.length !== count) throw new Error(`${specs.length} of ${count} specs were listed.`);
  };
  const withoutIndex = await timed(read);
  const whole: number[] = [];
  const unchanged: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    whole.push(await timed(read));
    unchanged.push(await timed(() => createDagSpecStore(objects).snapshot(() => true)));
  }
  return {
    specs: count,
    without_index_ms: Math.round(withoutIndex),
    list_p50_ms: Math.round(median(whole)),
    list_max_ms: Math.round(Math.max(...whole)),
    unchanged_p50_ms: Math.round(median(unchanged)),
  };
}
