import { InvalidArgumentError, type Command } from 'commander';
import type { Client } from '#client/client.ts';
import type { Terminal } from './terminal.ts';

/** What every command receives. */
export interface Shell {
  readonly terminal: Terminal;
  readonly connect: () => Promise<Client>;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Adds `--json` and an example below the help, which all commands have. */
export function common(command: Command, example: string): Command {
  return command
    .option('--json', 'print only JSON on standard output')
    .addHelpText('after', `\nExample:\n  $ millrace ${example}\n`);
}

/** Prints the value as JSON, or the text that shows it to people. */
export function print({ terminal }: Shell, { json }: CommonOptions, value: unknown, text: string): void {
  terminal.out(json === true ? `${JSON.stringify(value)}\n` : text);
}

export function wholeNumber(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number of at least 1.');
}

export function date(text: string): string {
  const real = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (real && new Date(text).toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError('Give a date as YYYY-MM-DD.');
}
