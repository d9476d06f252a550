import { digestOf } from '#configs/canonical.ts';
import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import { utcInstant } from '../instant.ts';
import { checkJudgement, type JudgementRequest } from '../judgement.ts';
import { moveStage } from '../transition-items.ts';
import type { Pair } from '#configs/pair.ts';
import { readStage, readVersion } from '../read-items.ts';
import type { Judgement, VersionStage } from '../stage.ts';
import type { Version } from '../version.ts';

export interface JudgeVersion extends JudgementRequest {
  readonly pair: Pair;
  readonly version: number;
  /** UTC instant. */
  readonly now: string;
  readonly commandId: string;
}

/**
 * Approves or rejects a registered version, once. Throws `VERSION_NOT_FOUND` and every code that `checkJudgement`
 * throws.
 */
export async function judgeVersion(store: RegistryStore, input: JudgeVersion): Promise<VersionStage> {
  const { entities } = store;
  const { pair, version, verdict, principal, reason, waivers, commandId } = input;
  const at = utcInstant(input.now);
  const subject = { version, verdict, principal };
  return commitToPair<VersionStage>(store, { pair, kind: 'judge', commandId, subject }, async () => {
    const [known, stage] = await Promise.all([
      readVersion(entities, pair, version),
      readStage(entities, pair, version),
    ]);
    checkJudgement(known, stage, input);
    const judgement: Judgement = { verdict, principal, reason, waivers, evidence: evidenceOf(known), at };
    const to = verdict === 'approve' ? 'approved' : 'rejected';
    return {
      head: {},
      entries: [
        {
          kind: verdict === 'approve' ? 'version_approved' : 'version_rejected',
          at,
          principal,
          facts: {
            version,
            reason,
            waivers,
            evidence: judgement.evidence,
            manifest_sha256: known.manifest_sha256,
            card_sha256: known.card_sha256,
            gates: known.gates,
          },
        },
      ],
      items: [moveStage(entities, pair, version, { from: 'registered', to, at, judgement })],
      result: { ...stage, stage: to, since: at, judgement },
    };
  });
}

/** Identifies everything that was shown to the approver. */
function evidenceOf({ manifest_sha256, card_sha256, gates }: Version): string {
  return digestOf({ manifest_sha256, card_sha256, gates });
}
