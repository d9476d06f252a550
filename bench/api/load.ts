import autocannon from 'autocannon';
import { median } from '../numbers.ts';

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly key?: string;
}

export interface Load {
  readonly name: string;
  readonly connections: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly per_second: number;
}

/** Sends requests back to back over the given number of connections. Throws if a response is not 2xx. */
export async function load({ name, url, key }: Target, connections: number, seconds: number): Promise<Load> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const { latency, requests, non2xx, errors } = await autocannon({
    url,
    connections,
    duration: seconds,
    headers,
  });
  if (non2xx > 0 || errors > 0)
    throw new Error(`Of the requests to ${url}, ${non2xx} were not answered with 2xx and ${errors} failed.`);
  return {
    name,
    connections,
    p50_ms: latency.p50,
    p99_ms: latency.p99,
    per_second: Math.round(requests.average),
  };
}

/** The median of each figure over several rounds of the same load. */
export function medianLoad(rounds: readonly Load[]): Load {
  const [first] = rounds;
  if (first === undefined) throw new Error('The load test ran no rounds.');
  const of = (figure: 'p50_ms' | 'p99_ms' | 'per_second') => median(rounds.map((round) => round[figure]));
  return { ...first, p50_ms: of('p50_ms'), p99_ms: of('p99_ms'), per_second: of('per_second') };
}
