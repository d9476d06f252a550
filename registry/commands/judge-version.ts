import type { EntryKind } from '../dossier/dossier.ts';
import { currentCard } from '../cards/current-card.ts';
import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import { ordered, requireRoom, withoutOrder } from '../deployments/orders.ts';
import { judge, type Judged, type JudgementRequest } from '../versions/judgement.ts';
import { moveStage, setReview } from '../transition-items.ts';
import type { Pair } from '#configs/pair.ts';
import { readStage, readVersion } from '../read-items.ts';
import type { VersionStage } from '../versions/stage.ts';

export interface JudgeVersion extends JudgementRequest {
  readonly pair: Pair;
  readonly version: number;
  readonly commandId: string;
}

/** Records one approval of a version, or rejects it. Throws `VERSION_NOT_FOUND` `DEPLOYMENTS_TOO_MANY`, and every code that `judge` throws. */
export async function judgeVersion(store: RegistryStore, input: JudgeVersion): Promise<VersionStage> {
  const { entities } = store;
  const { pair, version, verdict, principal, reason, waivers, evidence, commandId } = input;
  const subject = { version, verdict, principal, evidence };
  return commitToPair<VersionStage>(
    store,
    { pair, kind: 'judge', commandId, subject },
    async (state, { at }) => {
      const [known, stage] = await Promise.all([
        readVersion(entities, pair, version),
        readStage(entities, pair, version),
      ]);
      const judged = judge(known, stage, input, at);
      const { judgement, judgements } = judged;
      const moves = judged.stage !== stage.stage;
      const { order } = stage;
      const deploys = judged.stage === 'approved' && order !== undefined;
      if (deploys) requireRoom(pair, state);
      return {
        head: deploys ? ordered(state, { version, approved_at: at, ...order }) : withoutOrder(state, version),
        entries: [
          {
            kind: entryKind(judged),
            at,
            principal,
            facts: {
              version,
              reason,
              waivers,
              evidence: judgement.evidence,
              manifest_sha256: known.manifest_sha256,
              card_sha256: currentCard(known, stage).sha256,
              gates: known.gates,
              by_author: judgement.by_author,
              expires_at: judgement.expires_at,
              ...(deploys ? { deploys: order } : {}),
              rule: { tier: known.approval_tier, ...input.rules[known.approval_tier] },
            },
          },
        ],
        items: [
          moves
            ? moveStage(entities, pair, version, { from: stage.stage, to: judged.stage, at, judgements })
            : setReview(entities, pair, version, stage.stage, { judgements }),
        ],
        result: {
          ...stage,
          stage: judged.stage,
          since: moves ? at : stage.since,
          judgements,
          was_approved: stage.was_approved || judged.stage === 'approved',
        },
      };
    },
  );
}

function entryKind({ judgement, stage }: Judged): EntryKind {
  if (judgement.verdict === 'reject') return 'version_rejected';
  return stage === 'approved' ? 'version_approved' : 'approval_given';
}
