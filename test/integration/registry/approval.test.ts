import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { createRegistry } from '#registry/registry.ts';
import type { JudgeVersion } from '#registry/commands/judge-version.ts';
import type { GateVerdict } from '#training/record.ts';
import { evidenceOf } from '#registry/versions/judgement.ts';
import {
  approval,
  clockAt,
  deploymentOf,
  deploymentsOf,
  freshPair,
  rules,
  trainedVersion,
  withRegistry,
} from '#test/support/registry.ts';

const AUTHORS_TOO = { author_may_approve: true };
const FAILED: GateVerdict = { gate: 'auc', value: 0.6, min: 0.7, passed: false };
const UNKNOWN: GateVerdict = { gate: 'demographic_parity_ratio[sex]', value: null, min: 0.8, passed: false };

const stores = await withRegistry();

/** A registry with a clock of its own, so that a test may set it. */
function onItsClock() {
  const clock = clockAt('2026-01-01T01:00:00.000Z');
  const { objects, table } = stores;
  return { objects, clock, registry: createRegistry(table, objects, clock) };
}

describe('approval', () => {
  const refused: readonly (readonly [
    string,
    string,
    NonNullable<Parameters<typeof trainedVersion>[2]>,
    Partial<JudgeVersion>,
  ])[] = [
    ['by an author', 'APPROVER_IS_AUTHOR', {}, { principal: 'ada' }],
    ['by one of several authors', 'APPROVER_IS_AUTHOR', { authors: ['ada', 'grace'] }, {}],
    [
      'without the role of the tier',
      'APPROVER_ROLE_MISSING',
      {},
      { rules: rules({ high: { role: 'operator' } }) },
    ],
    ['of other evidence than the version has', 'EVIDENCE_CHANGED', {}, { evidence: 'e'.repeat(32) }],
    [
      'by an author, where only other tiers allow it',
      'APPROVER_IS_AUTHOR',
      {},
      { principal: 'ada', rules: rules({ low: AUTHORS_TOO, medium: AUTHORS_TOO }) },
    ],
    ['without a reason', 'REASON_MISSING', {}, { reason: '  ' }],
    ['of an incomplete card', 'CARD_INCOMPLETE', { missing: ['purpose.product'] }, {}],
    ['of a failed gate', 'GATE_NOT_WAIVED', { gates: [FAILED] }, {}],
    ['of a gate that could not be measured', 'GATE_NOT_WAIVED', { gates: [UNKNOWN] }, {}],
    [
      'of two failed gates with one waiver',
      'GATE_NOT_WAIVED',
      { gates: [FAILED, UNKNOWN] },
      { waivers: [{ gate: 'auc', reason: 'small sample' }] },
    ],
    [
      'with a waiver that gives no reason',
      'WAIVER_NOT_NEEDED',
      { gates: [FAILED] },
      { waivers: [{ gate: 'auc', reason: ' ' }] },
    ],
    [
      'with a waiver for a gate that passed',
      'WAIVER_NOT_NEEDED',
      {},
      { waivers: [{ gate: 'auc', reason: 'why not' }] },
    ],
    ['of a version that does not exist', 'VERSION_NOT_FOUND', {}, { version: 7 }],
  ];
  for (const [what, code, training, change] of refused) {
    it(`${what} is refused with ${code}, and the registry is as it was`, async () => {
      const { registry, objects } = stores;
      const pair = freshPair();
      await registry.registerVersion(await trainedVersion(objects, pair, training));
      const before = await registry.state(pair);
      await assert.rejects(registry.judge({ ...(await approval(registry, pair, 1)), ...change }), { code });
      assert.deepEqual(await registry.state(pair), before);
      assert.equal((await registry.stage(pair, 1)).stage, 'registered');
    });
  }

  it('with a waiver for each failed gate holds, and says who, when, why and on what evidence', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    const version = await registry.registerVersion(await trainedVersion(objects, pair, { gates: [FAILED] }));
    const waivers = [{ gate: 'auc', reason: 'small sample' }];
    const judged = await registry.judge({ ...(await approval(registry, pair, 1)), waivers });
    assert.deepEqual(await registry.stage(pair, 1), judged);
    assert.equal(judged.stage, 'approved');
    const [judgement] = judged.judgements;
    assert.deepEqual(judgement?.waivers, waivers);
    assert.equal(judgement?.evidence, evidenceOf(version, judged));
    assert.equal(judgement?.expires_at, '3121-03-02T02:00:00.000Z');
    const { items } = await registry.dossier(pair);
    const entry = items.at(-1);
    assert.equal(entry?.kind, 'version_approved');
    assert.equal(entry?.principal, 'grace');
    assert.equal(entry?.facts['card_sha256'], version.card_sha256);
  });

  it('by an author holds where the rule of the tier allows it, and says so', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const own = {
      ...(await approval(registry, pair, 1)),
      principal: 'ada',
      rules: rules({ high: AUTHORS_TOO }),
    };
    const { stage, judgements } = await registry.judge(own);
    assert.equal(stage, 'approved');
    assert.equal(judgements[0]?.by_author, true);
  });

  it('happens once: a second one, and a rejection after it, are refused', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    await registry.judge(await approval(registry, pair, 1));
    await assert.rejects(registry.judge(await approval(registry, pair, 1)), {
      code: 'VERSION_ALREADY_JUDGED',
    });
    await assert.rejects(registry.judge({ ...(await approval(registry, pair, 1)), verdict: 'reject' }), {
      code: 'VERSION_ALREADY_JUDGED',
    });
  });

  it('has one winner among 50 approvers and rejecters at the same time', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const command = await approval(registry, pair, 1);
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) =>
        registry.judge({
          ...command,
          commandId: randomUUID(),
          principal: `p${i}`,
          verdict: i % 2 === 0 ? 'approve' : 'reject',
        }),
      ),
    );
    const won = answers.filter((one) => one.status === 'fulfilled');
    assert.equal(won.length, 1);
    for (const one of answers) {
      if (one.status === 'rejected') assert.equal(one.reason.code, 'VERSION_ALREADY_JUDGED');
    }
    assert.deepEqual(await registry.stage(pair, 1), won[0]?.value);
    assert.equal((await registry.state(pair)).dossier.count, 2);
  });

  it('sent 50 times at once with one command id gives 50 times the one answer', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const command = await approval(registry, pair, 1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => registry.judge(command)));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal((await registry.state(pair)).dossier.count, 2);
  });

  it('repeated with its command id after a crash gives its first answer, and changes nothing', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const command = await approval(registry, pair, 1);
    const first = await registry.judge(command);
    await registry.schedule(deploymentOf(pair, 1, 1, '2026-02-01T00:00:00Z'));
    const before = await registry.state(pair);
    const later = createRegistry(stores.table, objects, clockAt('2030-01-01T00:00:00.000Z'));
    assert.deepEqual(await later.judge(command), first);
    assert.deepEqual(await registry.state(pair), before);
    await assert.rejects(registry.judge({ ...command, verdict: 'reject' }), { code: 'COMMAND_ID_REUSED' });
  });

  it('comes before deployment: a registered and a rejected version are not scheduled', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const deployment = (): Parameters<typeof registry.schedule>[0] => ({
      ...deploymentOf(pair, 1, 1, '2026-02-01T00:00:00Z'),
      commandId: randomUUID(),
    });
    await assert.rejects(registry.schedule(deployment()), { code: 'VERSION_NOT_APPROVED' });
    await registry.judge({ ...(await approval(registry, pair, 1)), verdict: 'reject' });
    await assert.rejects(registry.schedule(deployment()), { code: 'VERSION_NOT_APPROVED' });
    assert.deepEqual(await deploymentsOf(registry, pair), []);
  });

  it('of a tier that asks for two people takes two, and the same person counts once', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const two = async (principal: string) => ({
      ...(await approval(registry, pair, 1)),
      principal,
      rules: rules({ high: { approvals: 2 } }),
    });
    const first = await registry.judge(await two('grace'));
    assert.deepEqual([first.stage, first.judgements.length], ['registered', 1]);
    await assert.rejects(registry.judge(await two('grace')), { code: 'APPROVAL_ALREADY_GIVEN' });
    await assert.rejects(registry.judge(await two('ada')), { code: 'APPROVER_IS_AUTHOR' });
    await assert.rejects(registry.schedule(deploymentOf(pair, 1, 1, '2026-02-01T00:00:00Z')), {
      code: 'VERSION_NOT_APPROVED',
    });
    const second = await registry.judge(await two('alan'));
    assert.deepEqual([second.stage, second.judgements.length], ['approved', 2]);
    const kinds = (await registry.dossier(pair)).items.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['version_registered', 'approval_given', 'version_approved']);
  });

  it('that expires before the version would go live keeps it from being scheduled, until it is given again', async () => {
    const { registry, objects, clock } = onItsClock();
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const short = rules({ high: { valid_days: 1 } });
    await registry.judge({ ...(await approval(registry, pair, 1)), rules: short });
    const late = (): Parameters<typeof registry.schedule>[0] => ({
      ...deploymentOf(pair, 1, 1, '2026-01-02T01:00:00Z'),
      commandId: randomUUID(),
    });
    await assert.rejects(registry.schedule(late()), { code: 'APPROVAL_EXPIRED' });
    assert.equal((await registry.stage(pair, 1)).stage, 'approved');
    clock.at = '2026-01-02T01:00:00.000Z';
    const again = { ...(await approval(registry, pair, 1)), rules: short };
    assert.deepEqual((await registry.judge(again)).judgements.length, 1);
    assert.equal((await registry.schedule(late())).status, 'scheduled');
  });

  it('of two of which one expired is waiting for one again', async () => {
    const { registry, objects, clock } = onItsClock();
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const two = rules({ high: { approvals: 2, valid_days: 1 } });
    const by = async (principal: string, now: string) => {
      clock.at = now;
      return registry.judge({ ...(await approval(registry, pair, 1)), principal, rules: two });
    };
    await by('grace', '2026-01-01T01:00:00.000Z');
    await by('alan', '2026-01-01T01:30:00.000Z');
    const both = await by('kurt', '2026-01-02T01:15:00.000Z');
    assert.deepEqual(
      [both.stage, both.judgements.map(({ principal }) => principal)],
      ['approved', ['alan', 'kurt']],
    );
    const one = await by('grace', '2026-01-03T01:00:00.000Z');
    assert.deepEqual(
      [one.stage, one.judgements.map(({ principal }) => principal)],
      ['approved', ['kurt', 'grace']],
    );
    const alone = await by('emil', '2026-01-09T01:00:00.000Z');
    assert.deepEqual(
      [alone.stage, alone.judgements.map(({ principal }) => principal)],
      ['registered', ['emil']],
    );
  });

  it('bears the time of the round that committed it, not of the request', async () => {
    const { registry, objects, clock } = onItsClock();
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const command = await approval(registry, pair, 1);
    clock.at = '2026-03-01T00:00:00.000Z';
    const { judgements, since } = await registry.judge(command);
    assert.deepEqual([judgements[0]?.at, since], [clock.at, clock.at]);
    const { items } = await registry.dossier(pair);
    assert.equal(items.at(-1)?.at, clock.at);
  });

  it('that has lapsed does not keep a version from being rolled back to', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const short = rules({ high: { valid_days: 60 } });
    await registry.judge({ ...(await approval(registry, pair, 1)), rules: short });
    await registry.schedule(deploymentOf(pair, 1, 1, '2026-02-01T00:00:00.000Z'));
    await registry.promote({ pair, deployment: 1, dueBy: '2026-02-01T00:00:00.000Z', commandId: 'p1' });
    const later = deploymentOf(pair, 2, 1, '2027-02-01T00:00:00.000Z');
    assert.equal((await registry.schedule(later)).status, 'scheduled');
  });
});
