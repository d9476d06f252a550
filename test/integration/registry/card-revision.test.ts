import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Pair } from '#configs/pair.ts';
import { buildCard } from '#registry/cards/build-card.ts';
import { readCard, writeCard } from '#registry/cards/card-store.ts';
import { currentCard } from '#registry/cards/current-card.ts';
import type { ReviseCard } from '#registry/commands/revise-card.ts';
import { cardInput } from '#test/support/cards.ts';
import {
  approval,
  deploymentOf,
  freshPair,
  rules,
  trainedVersion,
  withRegistry,
} from '#test/support/registry.ts';

const { registry, objects } = await withRegistry();

/** A registered version whose card lacks its market. */
async function incomplete(): Promise<Pair> {
  const pair = freshPair();
  const input = cardInput();
  const { text, missing } = buildCard({
    ...input,
    model: { ...input.model, card: { ...input.model.card, market: '' } },
  });
  const card = await writeCard(objects, text);
  await registry.registerVersion({ ...(await trainedVersion(objects, pair)), card: { ...card, missing } });
  return pair;
}

const revision = (pair: Pair, change: Partial<ReviseCard> = {}): ReviseCard => ({
  pair,
  version: 1,
  texts: { market: 'Wales, by post' },
  principal: 'emil',
  reason: 'the market was missing',
  commandId: randomUUID(),
  ...change,
});

const cardOf = async (pair: Pair) =>
  currentCard(await registry.version(pair, 1), await registry.stage(pair, 1));

describe('a revision of the card', () => {
  it('completes the card of a registered version, which can then be approved', async () => {
    const pair = await incomplete();
    await assert.rejects(registry.judge(await approval(registry, pair, 1)), { code: 'CARD_INCOMPLETE' });
    const { card, stage } = await registry.reviseCard(revision(pair));
    assert.deepEqual([stage, card?.revision, card?.missing, card?.authors], ['registered', 2, [], ['emil']]);
    assert.equal((await readCard(objects, await cardOf(pair))).purpose.market, 'Wales, by post');
    assert.equal((await registry.judge(await approval(registry, pair, 1))).stage, 'approved');
    const { items } = await registry.dossier(pair);
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['version_registered', 'card_revised', 'version_approved'],
    );
    assert.partialDeepStrictEqual(items[1], {
      principal: 'emil',
      facts: { revision: 2, changed: ['market'], voided: [], reason: 'the market was missing' },
    });
  });

  it('voids the approvals of the old card, also of an approved version', async () => {
    const pair = await incomplete();
    await registry.reviseCard(revision(pair));
    const seen = await approval(registry, pair, 1);
    await registry.judge(seen);
    const { stage, judgements } = await registry.reviseCard(revision(pair, { texts: { market: 'Kent' } }));
    assert.deepEqual([stage, judgements], ['registered', []]);
    await assert.rejects(registry.schedule(deploymentOf(pair, 1, 1, '2026-02-01T00:00:00Z')), {
      code: 'VERSION_NOT_APPROVED',
    });
    await assert.rejects(registry.judge({ ...seen, commandId: randomUUID() }), { code: 'EVIDENCE_CHANGED' });
    const facts = (await registry.dossier(pair)).items.at(-1)?.facts;
    assert.deepEqual(facts?.['voided'], ['grace']);
  });

  it('keeps a version whose approval it voided from being deleted', async () => {
    const pair = await incomplete();
    await registry.reviseCard(revision(pair));
    const approved = await registry.judge(await approval(registry, pair, 1));
    assert.equal(approved.was_approved, true);
    await registry.reviseCard(revision(pair, { texts: { market: 'Kent' } }));
    const deletion = { pair, version: 1, principal: 'oper', reason: 'a trial', commandId: randomUUID() };
    await assert.rejects(registry.deleteVersion(deletion), { code: 'VERSION_WAS_APPROVED' });
    assert.equal((await registry.stage(pair, 1)).stage, 'registered');
  });

  it('voids the first of two approvals', async () => {
    const pair = await incomplete();
    await registry.reviseCard(revision(pair));
    const two = rules({ high: { approvals: 2 } });
    await registry.judge({ ...(await approval(registry, pair, 1)), rules: two });
    await registry.reviseCard(revision(pair, { texts: { market: 'Kent' } }));
    const first = await registry.judge({ ...(await approval(registry, pair, 1)), rules: two });
    assert.deepEqual([first.stage, first.judgements.length], ['registered', 1]);
  });

  it('makes whoever revised the card unable to approve it', async () => {
    const pair = await incomplete();
    await registry.reviseCard(revision(pair, { principal: 'grace' }));
    await assert.rejects(registry.judge(await approval(registry, pair, 1)), { code: 'APPROVER_IS_AUTHOR' });
  });

  it('that changes no text is a no-op, and a repeated one gives its first result', async () => {
    const pair = await incomplete();
    const command = revision(pair);
    const first = await registry.reviseCard(command);
    assert.deepEqual(await registry.reviseCard(command), first);
    assert.deepEqual(await registry.reviseCard(revision(pair)), first);
    assert.equal((await registry.state(pair)).dossier.count, 2);
  });

  it('is rejected without a reason, and once the version is scheduled', async () => {
    const pair = await incomplete();
    await assert.rejects(registry.reviseCard(revision(pair, { reason: ' ' })), { code: 'REASON_MISSING' });
    await registry.reviseCard(revision(pair));
    await registry.judge(await approval(registry, pair, 1));
    await registry.schedule(deploymentOf(pair, 1, 1, '2026-02-01T00:00:00Z'));
    const before = await registry.state(pair);
    await assert.rejects(registry.reviseCard(revision(pair, { texts: { market: 'Kent' } })), {
      code: 'CARD_FIXED',
    });
    assert.deepEqual(await registry.state(pair), before);
  });

  it('and an approval at the same time never leave an approval of a card that nobody saw', async () => {
    for (let round = 0; round < 10; round++) {
      const pair = await incomplete();
      await registry.reviseCard(revision(pair));
      const seen = await approval(registry, pair, 1);
      await Promise.allSettled([
        registry.judge(seen),
        registry.reviseCard(revision(pair, { texts: { market: `market ${round}` } })),
      ]);
      const { stage, judgements } = await registry.stage(pair, 1);
      assert.deepEqual([stage, judgements], ['registered', []]);
    }
  });
});
