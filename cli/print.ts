import { problemText } from '#configs/problem.ts';
import type { ConfigProblem } from '#configs/load.ts';
import type { CliFailure } from './failure.ts';
import { plain } from './terminal.ts';

/** Aligned columns; empty when there are no rows. */
export function table(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  if (rows.length === 0) return '';
  const cells = [header, ...rows.map((row) => row.map(cell))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(4);
  if (typeof value === 'string') return plain(value).replaceAll('\n', ' ');
  return JSON.stringify(value);
}

/** `name  value` lines. */
export function facts(pairs: readonly (readonly [string, unknown])[]): string {
  const known = pairs.filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}\n`).join('');
}

/** The same four parts for every error: code, what happened, where, and what to do. */
export function failureText(failure: CliFailure): string {
  const lines = [
    `${failure.code}: ${failure.message}`,
    failure.where === undefined ? undefined : `  where: ${failure.where}`,
    ...failure.problems.map((problem) => `  ${listed(problem)}`),
    ...Object.entries(failure.details).map(([name, value]) => `  ${name}: ${cell(value)}`),
    failure.remedy === undefined ? undefined : `  what to do: ${failure.remedy}`,
  ];
  return lines
    .filter((line) => line !== undefined)
    .map((line) => `${plain(line)}\n`)
    .join('');
}

export function failureJson(failure: CliFailure): string {
  const { code, message, where, remedy, details, problems, exit } = failure;
  return `${JSON.stringify({ error: { code, message, where, remedy, details, problems, exit } })}\n`;
}

function listed(problem: unknown): string {
  if (isConfigProblem(problem)) return problemText(problem);
  if (typeof problem === 'object' && problem !== null && 'path' in problem && 'message' in problem)
    return `${String(problem.path) || 'request'}: ${String(problem.message)}`;
  return typeof problem === 'string' ? problem : JSON.stringify(problem);
}

function isConfigProblem(value: unknown): value is ConfigProblem {
  return typeof value === 'object' && value !== null && 'file' in value && 'line' in value && 'code' in value;
}
