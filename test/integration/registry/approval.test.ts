import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { JudgeVersion } from '#registry/commands/judge-version.ts';
import type { GateVerdict } from '#training/record.ts';
import { approval, deploymentOf, freshPair, trainedVersion, withRegistry } from '#test/support/registry.ts';

const FAILED: GateVerdict = { gate: 'auc', value: 0.6, min: 0.7, passed: false };
const UNKNOWN: GateVerdict = { gate: 'demographic_parity_ratio[sex]', value: null, min: 0.8, passed: false };

const stores = await withRegistry();

describe('approval', () => {
  const refused: readonly (readonly [
    string,
    string,
    { readonly gates?: readonly GateVerdict[]; readonly missing?: readonly string[] },
    Partial<JudgeVersion>,
  ])[] = [
    ['by the author', 'APPROVER_IS_AUTHOR', {}, { principal: 'ada' }],
    [
      'by the author of a tier that the policy does not name',
      'APPROVER_IS_AUTHOR',
      {},
      { principal: 'ada', authorMayApprove: ['low', 'medium'] },
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
      await assert.rejects(registry.judge({ ...approval(pair, 1), ...change }), { code });
      assert.deepEqual(await registry.state(pair), before);
      assert.equal((await registry.stage(pair, 1)).stage, 'registered');
    });
  }

  it('with a waiver for each failed gate holds, and says who, when, why and on what evidence', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    const version = await registry.registerVersion(await trainedVersion(objects, pair, { gates: [FAILED] }));
    const waivers = [{ gate: 'auc', reason: 'small sample' }];
    const judged = await registry.judge({ ...approval(pair, 1), waivers });
    assert.deepEqual(await registry.stage(pair, 1), judged);
    assert.equal(judged.stage, 'approved');
    assert.deepEqual(judged.judgement?.waivers, waivers);
    assert.match(judged.judgement?.evidence ?? '', /^[0-9a-f]{32}$/);
    const { items } = await registry.dossier(pair);
    const entry = items.at(-1);
    assert.equal(entry?.kind, 'version_approved');
    assert.equal(entry?.principal, 'grace');
    assert.equal(entry?.facts['card_sha256'], version.card_sha256);
  });

  it('by the author holds where the policy allows the tier', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const own = { ...approval(pair, 1), principal: 'ada', authorMayApprove: ['high'] as const };
    assert.equal((await registry.judge(own)).stage, 'approved');
  });

  it('happens once: a second one, and a rejection after it, are refused', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    await registry.judge(approval(pair, 1));
    await assert.rejects(registry.judge(approval(pair, 1)), { code: 'VERSION_ALREADY_JUDGED' });
    await assert.rejects(registry.judge({ ...approval(pair, 1), verdict: 'reject' }), {
      code: 'VERSION_ALREADY_JUDGED',
    });
  });

  it('has one winner among 50 approvers and rejecters at the same time', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) =>
        registry.judge({
          ...approval(pair, 1),
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
    const command = approval(pair, 1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => registry.judge(command)));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal((await registry.state(pair)).dossier.count, 2);
  });

  it('repeated with its command id after a crash gives its first answer, and changes nothing', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await registry.registerVersion(await trainedVersion(objects, pair));
    const command = approval(pair, 1);
    const first = await registry.judge(command);
    await registry.schedule(deploymentOf(pair, 1, 1, '2026-02-01T00:00:00Z'));
    const before = await registry.state(pair);
    assert.deepEqual(await registry.judge({ ...command, now: '2030-01-01T00:00:00Z' }), first);
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
    await registry.judge({ ...approval(pair, 1), verdict: 'reject' });
    await assert.rejects(registry.schedule(deployment()), { code: 'VERSION_NOT_APPROVED' });
    assert.deepEqual(await registry.deployments(pair), []);
  });
});
