import type { Command } from 'commander';
import type { Shell } from '../shell.ts';
import { checkCommand } from './features/check.ts';
import { compileCommand } from './features/compile.ts';
import { previewCommand } from './features/preview.ts';
import { testCommand } from './features/test.ts';

/** Commands for authors of feature sets. */
export function featureCommands(program: Command, shell: Shell): void {
  const features = program.command('features').description('look at the queries and rows of feature sets');
  compileCommand(features, shell);
  previewCommand(features, shell);
  testCommand(features, shell);
  checkCommand(features, shell);
}
