import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';

/** One line of a test file's report: a finished test, or a failed hook. */
export interface TestLine {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  readonly error?: string;
}

/** Reporter for `node --test-reporter` that writes JSON lines in the order in which tests end. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    // The runner fails the file for what was thrown between or after its tests, but tells only in a remark.
    if (event.type === 'test:diagnostic' && event.data.message.startsWith('Error: '))
      yield written({ name: '(outside any test)', outcome: 'failed', seconds: 0, error: event.data.message });
    if (event.type !== 'test:complete') continue;
    const { name, details, skip, todo } = event.data;
    const error: (Error & { failureType?: string }) | undefined = details.error;
    // The test inside it has reported this failure already.
    if (error?.failureType === 'subtestsFailed') continue;
    if (details.type === 'suite' && error === undefined) continue;
    const skipped = skip !== undefined || todo !== undefined;
    yield written({
      name,
      outcome: skipped ? 'skipped' : error === undefined ? 'passed' : 'failed',
      seconds: details.duration_ms / 1000,
      ...(error === undefined ? {} : { error: inspect(error.cause ?? error) }),
    });
  }
}

function written(line: TestLine): string {
  return `${JSON.stringify(line)}\n`;
}
