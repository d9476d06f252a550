import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The steps that the demo has completed, kept in its home folder: an interrupted demo resumes, a finished one starts fresh.
 * Steps are idempotent, so a step is recorded after it is done.
 */
export interface Journal {
  readonly resumed: boolean;
  readonly finished: boolean;
  result<T>(step: string): T | undefined;
  note(step: string, result: unknown): void;
}

const FINISHED = 'finished';

export function openJournal(home: string): Journal {
  const path = join(home, 'demo.json');
  const done: Record<string, unknown> = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)
    : {};
  return {
    resumed: Object.keys(done).length > 0,
    finished: FINISHED in done,
    result: <T>(step: string) => done[step] as T | undefined,
    note(step, result) {
      done[step] = result ?? null;
      mkdirSync(home, { recursive: true });
      writeFileSync(`${path}.draft`, JSON.stringify(done, undefined, 2), { mode: 0o600 });
      renameSync(`${path}.draft`, path);
    },
  };
}

export function noteFinished(journal: Journal): void {
  journal.note(FINISHED, true);
}
