/** Jobs of the process backend that run any command of this machine: tests of the backend itself need no more. */
import type { JobSpec } from '#platform/jobs/job-program.ts';
import { programUnknown, type ProcessLauncher } from '#platform/jobs/process/process-launcher.ts';

const PROGRAM = 'command';

let made = 0;
/** A job of a new key. */
export function commandJob(command: readonly string[], more: Partial<JobSpec> = {}): JobSpec {
  return {
    key: `test-${process.pid}-${Date.now().toString(36)}-c${made++}`,
    program: PROGRAM,
    version: '1',
    role: 'test',
    input: { uri: 's3://test/input.json', sha256: '0'.repeat(64) },
    output: 's3://test/out/',
    resources: { cpu: 1, memoryMiB: 256 },
    timeoutSeconds: 60,
    title: 'test',
    labels: { command: JSON.stringify(command) },
    ...more,
  };
}

export function shellJob(script: string, more: Partial<JobSpec> = {}): JobSpec {
  return commandJob(['sh', '-c', script], more);
}

/** Runs the command that a job made above carries in a label, with `env` added to what every job gets. */
export function commandLauncher(env: Readonly<Record<string, string>> = {}): ProcessLauncher {
  return (spec) => {
    if (spec.program !== PROGRAM) throw programUnknown(spec);
    const [program = '', ...args] = JSON.parse(spec.labels['command'] ?? '[]') as string[];
    return { command: [program, ...args], env };
  };
}
