import type { Pair } from '#configs/pair.ts';

export const STAGES = ['registered', 'approved', 'scheduled', 'live', 'archived', 'rejected'] as const;
export type Stage = (typeof STAGES)[number];

/** An approver's reason to accept a version despite a failed gate. */
export interface Waiver {
  readonly gate: string;
  readonly reason: string;
}

/** The one approval or rejection of a version. */
export interface Judgement {
  readonly verdict: 'approve' | 'reject';
  readonly principal: string;
  readonly reason: string;
  readonly waivers: readonly Waiver[];
  /** Digest of what was judged: manifest, card and gates. */
  readonly evidence: string;
  /** UTC instant. */
  readonly at: string;
}

/** A version's stage; the only part of a version that changes. */
export interface VersionStage extends Pair {
  readonly version: number;
  readonly stage: Stage;
  /** UTC instant of the last change. */
  readonly since: string;
  readonly judgement: Judgement | null;
}
