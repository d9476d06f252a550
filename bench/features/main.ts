import { loadConfigs, noConfigs } from '#configs/load.ts';
import { readableSource } from '#features/query/readable-relations.ts';
import { compile } from '#features/sql/compile.ts';
import { queryProblems } from '#plan/query-problems.ts';
import { startPlatform } from '#local/platform.ts';
import type { Servers } from '#local/servers.ts';
import { callAs } from '../call.ts';
import { median, timed } from '../numbers.ts';
import { manyConfigs, wideQuery } from './many-configs.ts';

const ROUNDS = 5;
const FEATURES = 200;
const SETS = 500;

/**
 * Milliseconds, as medians: compiling a query of 200 features through a common table in this process, the first time and
 * later; validating 1,002 documents; checking the queries of their 500 sets, with the start of the child that does it; and the plan
 * of all of them by the API.
 */
export async function benchFeatures(servers: Servers, say: (line: string) => void): Promise<unknown> {
  const files = manyConfigs(SETS);
  const { documents, declared, problems } = loadConfigs(files);
  if (problems.length > 0)
    throw new TypeError(`The configs of the bench are invalid: ${problems[0]?.message}`);
  const relations = ['accounts', 'payments'].map((name) => readableSource(name, ['account'], documents));
  const sql = wideQuery(FEATURES);
  const compiling = await rounds(async () => void compile(sql, relations));
  say(`compiled ${FEATURES} features`);
  const validating = await rounds(async () => void loadConfigs(files));
  say(`validated ${files.length} files`);
  const checking = await rounds(async () => {
    const found = await queryProblems(noConfigs, documents, declared, '2024-07-01');
    if (found.length > 0) throw new TypeError(`A query of the bench is invalid: ${found[0]?.message}`);
  });
  say('checked the queries');
  const { api, adminKey } = await startPlatform(servers);
  const call = callAs(api, adminKey);
  const planning = await rounds(async () => void (await call('POST', '/v1/configs/plan', { files })));
  return {
    compile_200_features_ms: compiling,
    validate_ms: { documents: declared.length, ...validating },
    check_queries_ms: { sets: SETS, ...checking },
    plan_ms: { sets: SETS, ...planning },
  };
}

async function rounds(
  work: () => Promise<void>,
): Promise<{ readonly first: number; readonly later: number }> {
  const first = await timed(work);
  const later: number[] = [];
  for (let round = 1; round < ROUNDS; round += 1) later.push(await timed(work));
  return { first: Math.round(first), later: Math.round(median(later)) };
}
