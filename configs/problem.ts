import type { ErrorCode } from '#errors/catalogue.ts';
import type { ConfigDocument, ConfigSet } from './config-set.ts';

/** Steps from the root of a document to a value in it. */
export type ConfigPath = readonly (string | number)[];

/** One problem in what a person wrote, with its place. */
export interface ConfigProblem {
  readonly code: ErrorCode;
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** `Model/churn: gates.auc.min`, or only the file if there is no document yet. */
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  /** A known word similar to the one written. */
  readonly suggestion?: string;
}

export interface ConfigFile {
  /** Path as the person wrote it, with `/`. SQL files are looked up relative to the YAML file that names them. */
  readonly path: string;
  readonly text: string;
}

export interface LoadOptions {
  /** Documents applied before. New documents may refer to them, and they must stay valid together with the new ones. */
  readonly existing?: ConfigSet;
}

export interface LoadedConfigs {
  /** The existing documents, with those of the files added or replacing them. Do not use it while there are problems. */
  readonly documents: ConfigSet;
  /** Only the readable documents of the files. Do not use it while there are problems. */
  readonly declared: readonly ConfigDocument[];
  /** Sorted by file, line and column. Empty if everything is valid together. */
  readonly problems: readonly ConfigProblem[];
}

export function pathText(path: ConfigPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** `models.yaml:12:3: …`, on one line, as compilers print it. */
export function problemText(problem: ConfigProblem): string {
  const expected = problem.expected === undefined ? '' : `; expected ${problem.expected}`;
  const suggestion = problem.suggestion === undefined ? '' : `; did you mean ${problem.suggestion}?`;
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  return `${place}: ${problem.code}: ${problem.path}: ${problem.message}${expected}${suggestion}`;
}

export function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
