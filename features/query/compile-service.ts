import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { createChildService, type Outcome } from '#platform/child-service/child-service.ts';
import { receivedError, type SentError } from '#platform/child-service/sent-error.ts';
import type { EngineTexts } from './engine-texts.ts';
import type { FeatureQuery } from './feature-query.ts';

/** A feature set, by name, and the partition date to compile it for. */
export interface CompileItem {
  readonly set: string;
  readonly dt: string;
  /** Dates at which the query is checked as well. */
  readonly others?: readonly string[];
  /** To write the texts of the engines as well: the bucket of the lake. */
  readonly bucket?: string;
}

/** What the child process answers: plain data, since it is copied between processes. */
export type CompileAnswer = { readonly query: FeatureQuery } | { readonly error: SentError };

export type Compiled =
  { readonly query: FeatureQuery; readonly texts?: EngineTexts } | { readonly error: MillraceError };

/** Seconds that a set may take at one date; the largest known sets take a fraction of one. */
const SECONDS = 20;

/** One child per process, shared by everything that compiles. */
const service = createChildService<FeatureConfigs, CompileItem, CompileAnswer>(
  new URL('./compile-child.ts', import.meta.url),
  { seconds: SECONDS, heapMiB: 512, wasmMiB: 512, processMiB: 1024, idleSeconds: 60 },
);

/**
 * Compiles feature sets outside the event loop of this process, in the order of the items; templates and queries are
 * untrusted, and a hostile one only costs the child. Each item has its query or its own error, which is one of `compileSet`,
 * `TEMPLATE_TOO_LONG` or `SQL_TOO_COMPLEX`. Throws `ENGINE_FAILED`.
 */
export async function compileQueries(
  configs: FeatureConfigs,
  items: readonly CompileItem[],
): Promise<Compiled[]> {
  const { sources, featureSets } = configs;
  const outcomes = await service.ask({ sources, featureSets }, items);
  return outcomes.map((outcome, index) => compiled(outcome, items[index]?.set ?? '', configs));
}

/** Compiles one set at one date. Throws its error. */
export async function compileQuery(configs: FeatureConfigs, item: CompileItem): Promise<FeatureQuery> {
  const [result] = await compileQueries(configs, [item]);
  if (result === undefined) throw new TypeError('One item has one answer.');
  if ('error' in result) throw result.error;
  return result.query;
}

/** The same, and the query as each engine gets it. Throws also what `engineTexts` does. */
export async function compileTexts(
  configs: FeatureConfigs,
  item: CompileItem & { readonly bucket: string },
): Promise<{ readonly query: FeatureQuery; readonly texts: EngineTexts }> {
  const [result] = await compileQueries(configs, [item]);
  if (result !== undefined && 'error' in result) throw result.error;
  if (result?.texts === undefined) throw new TypeError('An item with a bucket has texts.');
  return { query: result.query, texts: result.texts };
}

/** Process id of the child; undefined while there is none. */
export function compilePid(): number | undefined {
  return service.pid();
}

function compiled(outcome: Outcome<CompileAnswer>, set: string, configs: FeatureConfigs): Compiled {
  if ('exhausted' in outcome) return { error: tooMuch(outcome, set, configs) };
  if ('query' in outcome.answer) return outcome.answer;
  const { error } = outcome.answer;
  if (error.code === 'ENGINE_OUT_OF_MEMORY')
    return { error: tooMuch({ exhausted: 'memory', step: 'compile' }, set, configs) };
  return { error: receivedError(error) };
}

function tooMuch(
  { exhausted, step }: { readonly exhausted: 'time' | 'memory'; readonly step: string | undefined },
  set: string,
  configs: FeatureConfigs,
): MillraceError {
  const limit = exhausted === 'time' ? `more than ${SECONDS} seconds` : 'too much memory';
  const where = configs.featureSets.get(set)?.sql;
  const options = { ...(where !== undefined && { where }), details: { feature_set: set, exhausted } };
  return step === 'compile'
    ? new MillraceError('SQL_TOO_COMPLEX', `The query of "${set}" needs ${limit} to compile.`, options)
    : new MillraceError('TEMPLATE_TOO_LONG', `The template of "${set}" needs ${limit} to render.`, options);
}
