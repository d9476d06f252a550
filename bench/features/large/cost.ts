import { usageOf } from '../../processes/usage.ts';

/** What a build cost, on the last line of its output. */
export interface Cost {
  /** Until `end`, if the work calls it. */
  readonly seconds: number;
  readonly peak_mib: number;
  /** Seconds by step, of a build that has steps. */
  readonly steps: Readonly<Record<string, number>>;
}

/** Runs the work once and prints its `Cost`. `lap` ends the step before and begins another; `lap('end')` begins none. */
export async function tell(work: (lap: (step: string) => void) => Promise<void>): Promise<void> {
  const started = performance.now();
  const steps: Record<string, number> = {};
  let current = { step: 'start', at: started };
  const lap = (step: string): void => {
    const now = performance.now();
    steps[current.step] = (steps[current.step] ?? 0) + (now - current.at) / 1000;
    current = { step, at: now };
  };
  await work(lap);
  const ended = current.step === 'end' ? current.at : performance.now();
  const cost: Cost = {
    seconds: (ended - started) / 1000,
    peak_mib: usageOf(process.pid).peak_mib,
    steps: Object.fromEntries(Object.entries(steps).map(([step, taken]) => [step, round(taken)])),
  };
  process.stdout.write(`${JSON.stringify(cost)}\n`);
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
