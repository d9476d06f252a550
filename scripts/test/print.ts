import { styleText } from 'node:util';
import type { FileResult } from './run-file.ts';

const OUTPUT_LINES = 60;

/** Colours if the output is a terminal that shows them. */
export function paint(style: 'green' | 'red' | 'dim', text: string): string {
  return process.stdout.isTTY ? styleText(style, text) : text;
}

/** One line for a file that passed; failures and the end of the output for one that did not. */
export function describeResult(result: FileResult): string {
  const { file, passed, skipped, failures, seconds } = result;
  const counts = [
    `${String(passed)} passed`,
    ...(failures.length > 0 ? [`${String(failures.length)} failed`] : []),
    ...(skipped > 0 ? [`${String(skipped)} skipped`] : []),
  ].join(', ');
  const line = `${file}  ${paint('dim', `${counts}, ${seconds.toFixed(1)} s`)}`;
  if (failures.length === 0) return `${paint('green', 'ok  ')}  ${line}`;
  return [`${paint('red', 'FAIL')}  ${line}`, ...failures.map(describeFailure), outputOf(result)].join('\n');
}

function describeFailure({ name, error }: { readonly name: string; readonly error: string }): string {
  return `${paint('red', `  ✗ ${name}`)}\n${indent(error, 6)}`;
}

function outputOf({ output }: FileResult): string {
  const lines = output.trimEnd().split('\n');
  if (lines.length === 1 && lines[0] === '') return '';
  const left = lines.length - OUTPUT_LINES;
  const head =
    left > 0 ? `  output (the last ${String(OUTPUT_LINES)} of ${String(lines.length)} lines):` : '  output:';
  return `${head}\n${indent(lines.slice(-OUTPUT_LINES).join('\n'), 6)}`;
}

function indent(text: string, by: number): string {
  return text.replace(/^/gm, ' '.repeat(by));
}
