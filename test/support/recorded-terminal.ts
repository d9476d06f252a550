import { readEnvironment } from '#configs/environment.ts';
import type { Terminal } from '#cli/terminal.ts';

export interface Recorded extends Terminal {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** A terminal that remembers what was written to it. */
export function recordedTerminal(folder: string, variables: Record<string, string> = {}): Recorded {
  const written: string[] = [];
  const said: string[] = [];
  return {
    out: (text) => void written.push(text),
    err: (text) => void said.push(text),
    redraws: false,
    columns: () => 80,
    environment: async () => readEnvironment({ MILLRACE_HOME: folder, ...variables }),
    folder,
    stdout: () => written.join(''),
    stderr: () => said.join(''),
  };
}
