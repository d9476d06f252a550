import { digestOf } from '#configs/canonical.ts';
import type { ApprovalRule, ApprovalRules } from '#configs/platform.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { fieldWithKey } from '../cards/card-missing.ts';
import { type CardRevision, currentCard } from '../cards/current-card.ts';
import { daysAfter } from '../instant.ts';
import type { Judgement, VersionStage, Waiver } from './stage.ts';
import type { GateVerdict } from '#training/record.ts';
import type { Version } from './version.ts';

export interface JudgementRequest {
  readonly verdict: 'approve' | 'reject';
  readonly principal: string;
  /** Roles of the principal. */
  readonly roles: readonly string[];
  readonly reason: string;
  readonly waivers: readonly Waiver[];
  /** Digest of what the principal saw; see `evidenceOf`. Null, for a rejection only: what the version has now. */
  readonly evidence: string | null;
  /** The rules that hold now; that of the version's approval tier applies. */
  readonly rules: ApprovalRules;
}

/** What a judgement changes: the judgements that stand afterwards, and the stage. */
export interface Judged {
  readonly judgement: Judgement;
  readonly judgements: readonly Judgement[];
  readonly stage: 'registered' | 'approved' | 'rejected';
}

/** Identifies everything that an approver must have seen: the training with its evaluation, the card and the gates. */
export function evidenceOf(version: Version, stage: Pick<VersionStage, 'card'>): string {
  return evidenceDigest({
    manifest_sha256: version.manifest_sha256,
    card_sha256: currentCard(version, stage).sha256,
    gates: version.gates,
  });
}

export function evidenceDigest(seen: {
  readonly manifest_sha256: string;
  readonly card_sha256: string;
  readonly gates: readonly GateVerdict[];
}): string {
  return digestOf(seen);
}

/**
 * Decides on one approval or rejection. The version is approved once as many people as its rule asks for have approved
 * the same evidence and none of these approvals has expired. Throws `VERSION_ALREADY_JUDGED`, `REASON_MISSING`,
 * `EVIDENCE_CHANGED`, `APPROVER_ROLE_MISSING`, `APPROVER_IS_AUTHOR`, `APPROVAL_ALREADY_GIVEN`, `CARD_INCOMPLETE`,
 * `WAIVER_NOT_NEEDED`, `GATE_NOT_WAIVED`.
 */
export function judge(version: Version, stage: VersionStage, request: JudgementRequest, at: string): Judged {
  const standing = standingApprovals(version, stage, at);
  refuseSettled(version, stage, standing, request.verdict);
  requireReason(request.reason);
  const evidence = evidenceOf(version, stage);
  if (request.evidence !== evidence && !(request.verdict === 'reject' && request.evidence === null)) {
    throw new MillraceError(
      'EVIDENCE_CHANGED',
      `What was seen has the digest ${request.evidence}, but version ${version.version} now has ${evidence}.`,
      { details: { seen: request.evidence, now: evidence } },
    );
  }
  const { verdict, principal, reason, waivers } = request;
  const rule = request.rules[version.approval_tier];
  const card = currentCard(version, stage);
  const authors = [...version.authors, ...card.authors];
  const by_author = authors.includes(principal);
  const common = { verdict, principal, by_author, reason, waivers, evidence, at };
  if (verdict === 'reject') {
    const judgement = { ...common, expires_at: null };
    return { judgement, judgements: [judgement], stage: 'rejected' };
  }
  refuseApprover(version, authors, standing, request, rule);
  refuseCard(version, card);
  checkWaivers(`Version ${version.version}`, version.gates, waivers);
  const judgement = { ...common, expires_at: daysAfter(at, rule.valid_days) };
  const judgements = [...standing, judgement];
  return { judgement, judgements, stage: judgements.length >= rule.approvals ? 'approved' : 'registered' };
}

/** The approvals that count at an instant: not expired, and of the evidence that the version has now. */
export function standingApprovals(
  version: Version,
  stage: Pick<VersionStage, 'judgements' | 'card'>,
  at: string,
): readonly Judgement[] {
  const evidence = evidenceOf(version, stage);
  return stage.judgements.filter(
    (one) => one.verdict === 'approve' && one.evidence === evidence && !isExpired(one, at),
  );
}

/** Throws `APPROVAL_EXPIRED` if an approval of the version does not last until an instant. */
export function requireApprovalsUntil(
  version: number,
  { judgements }: Pick<VersionStage, 'judgements'>,
  liveAt: string,
): void {
  const expired = judgements.find((one) => isExpired(one, liveAt));
  if (expired === undefined) return;
  throw new MillraceError(
    'APPROVAL_EXPIRED',
    `The approval of version ${version} by ${expired.principal} expires at ${expired.expires_at}, before the version would go live at ${liveAt}.`,
    { details: { version, approver: expired.principal, expires_at: expired.expires_at, live_at: liveAt } },
  );
}

export function requireReason(reason: string): void {
  if (reason.trim() === '') throw new MillraceError('REASON_MISSING', 'The request gives no reason.');
}

function isExpired({ expires_at }: Judgement, at: string): boolean {
  return expires_at !== null && Date.parse(expires_at) <= Date.parse(at);
}

/** A registered version can be judged; an approved one can be approved again if some of its approvals no longer stand. */
function refuseSettled(
  version: Version,
  stage: VersionStage,
  standing: readonly Judgement[],
  verdict: JudgementRequest['verdict'],
): void {
  if (stage.stage === 'registered') return;
  const lapsed = stage.stage === 'approved' && standing.length < stage.judgements.length;
  if (lapsed && verdict === 'approve') return;
  throw new MillraceError(
    'VERSION_ALREADY_JUDGED',
    `Version ${version.version} has been ${stage.stage} since ${stage.since}.`,
    { details: { stage: stage.stage, judgements: stage.judgements } },
  );
}

function refuseApprover(
  version: Version,
  authors: readonly string[],
  standing: readonly Judgement[],
  { principal, roles }: JudgementRequest,
  rule: ApprovalRule,
): void {
  const { approval_tier } = version;
  if (!roles.includes(rule.role) && !roles.includes('admin')) {
    throw new MillraceError(
      'APPROVER_ROLE_MISSING',
      `${principal} lacks the role ${rule.role}, which approvers of risk tier ${approval_tier} need.`,
      { details: { needs: rule.role, has: roles } },
    );
  }
  if (authors.includes(principal) && !rule.author_may_approve) {
    throw new MillraceError(
      'APPROVER_IS_AUTHOR',
      `${principal} is an author of version ${version.version}, whose approval follows risk tier ${approval_tier}.`,
      { details: { authors, approval_tier } },
    );
  }
  if (standing.some((one) => one.principal === principal)) {
    throw new MillraceError(
      'APPROVAL_ALREADY_GIVEN',
      `${principal} has approved version ${version.version}; another person must give the next approval.`,
      { details: { given: standing.length, needed: rule.approvals } },
    );
  }
}

function refuseCard({ version }: Version, { missing }: CardRevision): void {
  if (missing.length === 0) return;
  throw new MillraceError(
    'CARD_INCOMPLETE',
    `The card of version ${version} lacks ${missing.map(fieldWithKey).join(', ')}.`,
    { details: { missing } },
  );
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
