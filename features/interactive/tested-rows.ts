import { MillraceError } from '#errors/millrace-error.ts';
import { computeSteps, type ComputePlace } from './compute-steps.ts';
import type { SetStep } from './set-steps.ts';

/** A row by column; whole numbers of 64 bits and infinite numbers are text. */
export type TestedRow = Readonly<Record<string, unknown>>;

/** Rows that a test may give; a test expects far fewer. */
const MAX_ROWS = 10_000;

/** All rows of the last step, whose inputs are all given. Throws the errors of `computeSteps`, and `PREVIEW_TOO_LARGE`. */
export async function testedRows(place: ComputePlace, steps: readonly SetStep[]): Promise<TestedRow[]> {
  return await computeSteps(place, steps, new Map(), async (session, select) => {
    const answer = await session.all(`${select} LIMIT ${MAX_ROWS + 1}`);
    if (answer.currentRowCount > MAX_ROWS)
      throw new MillraceError('PREVIEW_TOO_LARGE', `The test gives more than ${MAX_ROWS} rows.`);
    return answer.getRowObjectsJson();
  });
}
