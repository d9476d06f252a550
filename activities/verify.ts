import type { Client } from '@temporalio/client';
import { dagSpec } from '#airflow/dag-spec.ts';
import type { WorkOwners } from '#catalog/work-owners.ts';
import type { DagSpecStore } from '#airflow/store.ts';
import { findCause } from '#errors/cause.ts';
import { pairKey, type Pair } from '#configs/pair.ts';
import type { EmittedSpec, PairState } from '#registry/pair-state.ts';
import type { Registry } from '#registry/registry.ts';
import type { SweepMarks } from '#registry/sweep-marks.ts';
import { callReconciler } from '#workflows/contract/signals.ts';
import { scoringScheduleDigest } from './scoring-schedule.ts';

export interface VerifyDeps {
  readonly client: Client;
  readonly registry: Registry;
  readonly dagSpecs: DagSpecStore;
  readonly sweeps: SweepMarks;
  readonly owners: WorkOwners;
}

/** What a check found, and handed to the reconciler to put right. */
export interface Verified {
  readonly pairs: number;
  /** By pair. */
  readonly problems: readonly { readonly pair: string; readonly problems: readonly string[] }[];
}

const PAGE = 50;
/** More would fill the workflow's history; the dossier of each pair has its own. */
const MOST_PROBLEMS = 100;

export type VerifyActivities = ReturnType<typeof createVerifyActivities>;

/**
 * Compares what exists outside the registry with what should: schedules, DAG specs and copies of dossiers. What differs is
 * recorded, and the pair's reconciler puts it right.
 */
export function createVerifyActivities({ client, registry, dagSpecs, sweeps, owners }: VerifyDeps) {
  async function specProblems(pair: Pair, state: PairState): Promise<readonly string[]> {
    const { live, emitted } = state;
    // The reconciler is about to write or to remove it.
    if (live === null || emitted === null) return [];
    const expected = dagSpec(pair, emitted).content_hash;
    const [stored, schedule] = await Promise.all([
      storedHash(pair),
      emitted.scheduler === 'temporal' ? scheduleProblems(pair, emitted) : [],
    ]);
    return [
      ...(stored === undefined ? ['the DAG spec is missing'] : []),
      ...(stored !== undefined && stored !== expected ? ['the DAG spec has other content'] : []),
      ...schedule,
    ];
  }

  async function scheduleProblems(pair: Pair, { schedule_digest }: EmittedSpec): Promise<readonly string[]> {
    const digest = await scoringScheduleDigest(client, pair);
    if (digest === undefined) return ['the Temporal Schedule is missing'];
    return digest === schedule_digest ? [] : ['the Temporal Schedule was changed or paused'];
  }

  /** A schedule that starts work for another team than the one that owns the model now. It missed nothing. */
  async function teamProblems(pair: Pair, { emitted }: PairState): Promise<readonly string[]> {
    if (emitted === null || emitted.scheduler !== 'temporal') return [];
    const owner = await owners.ofModel(pair.model);
    if (owner === undefined || owner.team === emitted.team) return [];
    return [`the Temporal Schedule works for ${emitted.team ?? 'no team'}, not for ${owner.team}`];
  }

  async function storedHash(pair: Pair): Promise<string | undefined> {
    try {
      return (await dagSpecs.read(pair))?.content_hash;
    } catch (error) {
      if (findCause(error)?.code === 'DAG_SPEC_INVALID') return 'invalid';
      throw error;
    }
  }

  async function verify(pair: Pair, runId: string): Promise<readonly string[]> {
    const state = await registry.state(pair);
    const [lost, team, missing] = await Promise.all([
      specProblems(pair, state),
      teamProblems(pair, state),
      registry.firstMissingCopy(pair),
    ]);
    const specs = [...lost, ...team];
    if (specs.length > 0 && state.emitted !== null) {
      const commandId = `verify/${runId}`;
      const found = { expected: state.emitted, problems: specs, lost: lost.length > 0 };
      await registry.noteLostSpec({ pair, ...found, commandId });
    }
    if (missing !== undefined) await registry.copyAgain(pair, missing);
    const copies = missing === undefined ? [] : [`the copy of dossier entry ${missing} is missing`];
    const problems = [...specs, ...copies];
    if (problems.length > 0) await callReconciler(client, pair);
    return problems;
  }

  /** One pair that cannot be checked does not keep the others from it. */
  async function verifyOrSay(pair: Pair, runId: string): Promise<readonly string[]> {
    try {
      return await verify(pair, runId);
    } catch (error) {
      return [`not checked: ${findCause(error)?.code ?? 'INTERNAL'}`];
    }
  }

  return {
    /** One pair, whose failing steps are also tried again at once. */
    async repairPair(input: { readonly pair: Pair; readonly run_id: string }): Promise<readonly string[]> {
      const { pair, run_id } = input;
      const problems = await verify(pair, run_id);
      await registry.forgetAttempts(pair);
      await callReconciler(client, pair);
      return problems;
    },

    /** One page of all pairs. */
    async verifyPairs(input: {
      readonly cursor: string | null;
      readonly run_id: string;
    }): Promise<Verified & { readonly cursor: string | null }> {
      const page = await registry.pairs({
        limit: PAGE,
        ...(input.cursor === null ? {} : { after: input.cursor }),
      });
      const found: { pair: string; problems: readonly string[] }[] = [];
      for (const pair of page.items) {
        const problems = await verifyOrSay(pair, input.run_id);
        if (problems.length > 0) found.push({ pair: pairKey(pair), problems });
      }
      if (page.next === undefined) await sweeps.note('verify', new Date().toISOString());
      return { pairs: page.items.length, problems: found.slice(0, MOST_PROBLEMS), cursor: page.next ?? null };
    },
  };
}
