import type { ErrorCode } from '#errors/catalogue.ts';
import type { ConfigDocument, ConfigSet } from './config-set.ts';

/** Steps from the root of a document to a value in it. */
export type ConfigPath = readonly (string | number)[];

/** One thing wrong in what a person wrote, at the place where it stands. */
export interface ConfigProblem {
  readonly code: ErrorCode;
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** `Model/churn: gates.auc.min`, or the file alone where there is no document yet. */
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  /** A known word near to the one that was written. */
  readonly suggestion?: string;
}

export interface ConfigFile {
  /** As the person names it, with `/`; SQL files are found relative to the YAML file that names them. */
  readonly path: string;
  readonly text: string;
}

export interface LoadOptions {
  /** Documents applied before: they satisfy references of a partial folder, and must stay valid with the new ones. */
  readonly existing?: ConfigSet;
}

export interface LoadedConfigs {
  /** The existing documents with those of the files in their places. Not to be used while there are problems. */
  readonly documents: ConfigSet;
  /** The readable documents of the files alone. Not to be used while there are problems. */
  readonly declared: readonly ConfigDocument[];
  /** In order of file, line and column. Empty means that everything is valid together. */
  readonly problems: readonly ConfigProblem[];
}

export function pathText(path: ConfigPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** `models.yaml:12:3: …`, in one line, as compilers write it. */
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
