import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';

/** One line of the report a test file leaves: a test that ended, or a hook that failed. */
export interface TestLine {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  readonly error?: string;
}

/** Reporter for `node --test-reporter`: JSON lines in the order in which tests end. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== 'test:complete') continue;
    const { name, details, skip, todo } = event.data;
    const error: (Error & { failureType?: string }) | undefined = details.error;
    // Said already by the test within it.
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
