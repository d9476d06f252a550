import { Command, CommanderError } from 'commander';
import { configCommands } from './commands/configs.ts';
import { deploymentCommands } from './commands/deployments.ts';
import { evidenceCommands } from './commands/evidence.ts';
import { featureCommands } from './commands/features.ts';
import { installationCommands } from './commands/installation.ts';
import { keyCommands } from './commands/keys.ts';
import { labelCommands } from './commands/labels.ts';
import { listingCommands } from './commands/listings.ts';
import { newCommands } from './commands/new.ts';
import { operationCommands } from './commands/operations.ts';
import { registerCommand } from './commands/register.ts';
import { runCommands } from './commands/runs.ts';
import { searchCommands } from './commands/search.ts';
import { versionCommands } from './commands/versions.ts';
import { workerCommands } from './commands/workers.ts';
import { EXIT, type ExitCode } from '#errors/exit-class.ts';
import { CliFailure, toFailure } from './failure.ts';
import { failureJson, failureText } from './print.ts';
import type { Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';

const EXITS = `
Exit codes: 0 success, 1 failure, 2 bad input, 3 not allowed, 4 not found, 5 unreachable.
API address and key: MILLRACE_API_URL and MILLRACE_API_KEY, otherwise cli.json in MILLRACE_HOME (default: .millrace).`;

export function buildProgram(shell: Shell, complain = shell.terminal.err): Command {
  const { terminal } = shell;
  const program = new Command('millrace')
    .description(
      'Runs the whole life of a model: features, training, registry, deployment, daily scores, archive.',
    )
    .addHelpText('after', EXITS)
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows an example)')
    // Commander copies settings to each command when it is added, so they come first.
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: complain });
  installationCommands(program, shell);
  newCommands(program, shell);
  configCommands(program, shell);
  runCommands(program, shell);
  registerCommand(program, shell);
  versionCommands(program, shell);
  deploymentCommands(program, shell);
  labelCommands(program, shell);
  listingCommands(program, shell);
  searchCommands(program, shell);
  evidenceCommands(program, shell);
  featureCommands(program, shell);
  operationCommands(program, shell);
  workerCommands(program, shell);
  keyCommands(program, shell);
  return program;
}

/** Runs one command line and resolves to its exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const shell: Shell = { terminal, connect: async () => (await import('./connection.ts')).connect(terminal) };
  const json = args.includes('--json');
  // Commander reports a wrong command line in several pieces. With --json, an error must be one line.
  let complaint = '';
  const complain = json ? (text: string) => void (complaint += text) : terminal.err;
  try {
    await buildProgram(shell, complain).parseAsync([...args], { from: 'user' });
    return EXIT.ok;
  } catch (thrown) {
    // Commander also throws after it prints help.
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
    const failure = thrown instanceof CommanderError ? commandLineFailure(complaint) : toFailure(thrown);
    if (json) terminal.err(failureJson(failure));
    else if (!(thrown instanceof CommanderError)) terminal.err(failureText(failure));
    return failure.exit;
  }
}

function commandLineFailure(complaint: string): CliFailure {
  const what = complaint.split('\n', 1)[0]?.replace(/^error: /, '') ?? '';
  return new CliFailure('COMMAND_LINE_INVALID', what);
}
