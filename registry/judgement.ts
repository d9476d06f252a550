import { fieldWithKey } from './cards/card-missing.ts';
import type { RiskTier } from '#configs/model.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { VersionStage, Waiver } from './stage.ts';
import type { GateVerdict } from '#training/record.ts';
import type { Version } from './version.ts';

export interface JudgementRequest {
  readonly verdict: 'approve' | 'reject';
  readonly principal: string;
  readonly reason: string;
  readonly waivers: readonly Waiver[];
  /** Risk tiers in which authors may approve their own version. */
  readonly authorMayApprove: readonly RiskTier[];
}

/**
 * Checks that a version may be approved or rejected as requested. Throws `VERSION_ALREADY_JUDGED`, `REASON_MISSING`,
 * `APPROVER_IS_AUTHOR`, `CARD_INCOMPLETE`, `WAIVER_NOT_NEEDED`, `GATE_NOT_WAIVED`.
 */
export function checkJudgement(version: Version, stage: VersionStage, request: JudgementRequest): void {
  const name = `Version ${version.version}`;
  if (stage.stage !== 'registered') {
    throw new MillraceError(
      'VERSION_ALREADY_JUDGED',
      `${name} has been ${stage.stage} since ${stage.since}.`,
      {
        details: { stage: stage.stage, judgement: stage.judgement },
      },
    );
  }
  requireReason(request.reason);
  if (request.verdict === 'reject') return;
  if (request.principal === version.author && !request.authorMayApprove.includes(version.risk_tier)) {
    throw new MillraceError(
      'APPROVER_IS_AUTHOR',
      `${request.principal} is the author of version ${version.version}, whose risk tier is ${version.risk_tier}.`,
      { details: { author: version.author, risk_tier: version.risk_tier } },
    );
  }
  if (version.card_missing.length > 0) {
    throw new MillraceError(
      'CARD_INCOMPLETE',
      `The card of version ${version.version} lacks ${version.card_missing.map(fieldWithKey).join(', ')}.`,
      { details: { missing: version.card_missing } },
    );
  }
  checkWaivers(name, version.gates, request.waivers);
}

export function requireReason(reason: string): void {
  if (reason.trim() === '') throw new MillraceError('REASON_MISSING', 'The request gives no reason.');
}

function checkWaivers(name: string, gates: readonly GateVerdict[], waivers: readonly Waiver[]): void {
  const failed = gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
  for (const { gate, reason } of waivers) {
    if (failed.includes(gate) && reason.trim() !== '') continue;
    const why = failed.includes(gate) ? 'gives no reason' : 'names no failed gate';
    throw new MillraceError('WAIVER_NOT_NEEDED', `The waiver for ${JSON.stringify(gate)} ${why}.`, {
      details: { gate, failed },
    });
  }
  const open = failed.filter((gate) => !waivers.some((waiver) => waiver.gate === gate));
  if (open.length > 0) {
    throw new MillraceError('GATE_NOT_WAIVED', `${name} failed ${open.join(', ')}.`, {
      details: { gates: gates.filter(({ gate }) => open.includes(gate)) },
    });
  }
}
