/** What one client does over and over; `turn` counts from 0. */
export type Work = (client: number, turn: number) => Promise<unknown>;

export interface Figures {
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly per_second: number;
  readonly requests: number;
}

export interface Sample {
  readonly latencies: readonly number[];
  readonly seconds: number;
}

export interface Limit {
  readonly clients: number;
  readonly seconds?: number;
  /** Turns of each client; default: as many as fit into `seconds`. */
  readonly turns?: number;
}

/** Every client sends its next request as soon as the last one is answered. Latencies in milliseconds. */
export async function closedLoop(
  { clients, seconds = Infinity, turns = Infinity }: Limit,
  work: Work,
): Promise<Sample> {
  const latencies: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  const oneClient = async (client: number): Promise<void> => {
    for (let turn = 0; turn < turns && performance.now() < end; turn += 1) {
      const start = performance.now();
      await work(client, turn);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => oneClient(client)));
  return { latencies, seconds: (performance.now() - begun) / 1_000 };
}

/** Over the requests of all rounds. */
export function figuresOf(samples: readonly Sample[]): Figures {
  const sorted = samples.flatMap(({ latencies }) => latencies).toSorted((a, b) => a - b);
  const seconds = samples.reduce((sum, one) => sum + one.seconds, 0);
  const at = (share: number): number => round(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN);
  return {
    p50_ms: at(0.5),
    p99_ms: at(0.99),
    per_second: round(sorted.length / seconds),
    requests: sorted.length,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
