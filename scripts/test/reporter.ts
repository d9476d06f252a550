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
    if (event.type !== 'test:complete') continue;
    const { name, details, skip, todo } = event.data;
    const error: (Error & { failureType?: string }) | undefined = details.error;
    // The test inside it has reported this failure already.
    if (error?.failureType === 'subtestsFailed') continue;
    if (details.type === 'suite' && error === undefined) continue;
    const skipped = skip !== undefined || todo !== undefined;
    const line: TestLine = {
      name,
      outcome: skipped ? 'skipped' : error === undefined ? 'passed' : 'failed',
      seconds: details.duration_ms / 1000,
      ...(error === undefined ? {} : { error: inspect(error.cause ?? error) }),
    };
    yield `${JSON.stringify(line)}\n`;
  }
}
