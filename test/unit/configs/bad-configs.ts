import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '#errors/catalogue.ts';
import { loadConfigs } from '#configs/load.ts';
import { type ConfigFile, problemText } from '#configs/problem.ts';
import { FEATURES, folder, MODEL, SOURCES } from './valid-configs.ts';

type Row = readonly [
  broken: string,
  files: readonly ConfigFile[],
  code: ErrorCode,
  place: string,
  words: RegExp,
];

/** The folder with one text put in the place of another, which must be there. */
export function sources(from: string, to: string): ConfigFile[] {
  return folder({ sources: swapped(SOURCES, from, to) });
}
export function features(from: string, to: string): ConfigFile[] {
  return folder({ features: swapped(FEATURES, from, to) });
}
export function model(from: string, to: string): ConfigFile[] {
  return folder({ model: swapped(MODEL, from, to) });
}
function swapped(text: string, from: string, to: string): string {
  assert.ok(text.includes(from), from);
  return text.replace(from, () => to);
}
export function more(path: string, text: string): ConfigFile[] {
  return folder({ more: [{ path, text }] });
}
/** One test for each row: the files have exactly one problem, with its code, at its place. */
export function rejectsAtItsPlace(rows: readonly Row[]): void {
  for (const [broken, files, code, place, words] of rows) {
    test(`${broken}: ${code} at its place`, () => {
      const { problems } = loadConfigs(files);
      assert.equal(problems.length, 1, problems.map(problemText).join('\n'));
      const [problem] = problems;
      assert.ok(problem);
      assert.equal(problem.code, code);
      assert.equal(`${problem.file}:${problem.line}:${problem.column}`, place, problemText(problem));
      assert.match(problemText(problem), words);
    });
  }
}
