import type { Pair } from '#configs/pair.ts';

export interface Deployment extends Pair {
  /** 1, 2, 3 … within the pair. */
  readonly deployment: number;
  readonly version: number;
  readonly scheduler: 'temporal' | 'airflow';
  readonly schedule: string;
  readonly timezone: string;
  /** Asked-for moment of going live, UTC. */
  readonly live_at: string;
  /** Actual moments, UTC; `live_from` equals the old deployment's `live_until`. */
  readonly live_from?: string;
  readonly live_until?: string;
  readonly status: 'scheduled' | 'live' | 'ended' | 'cancelled';
  readonly requested_by: string;
  readonly created_at: string;
}
