import type { CardTexts } from '#configs/card-texts.ts';
import { canonicalJson } from '#configs/canonical.ts';
import type { Pair } from '#configs/pair.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { missingFields } from '../cards/card-missing.ts';
import { readCard, writeCard } from '../cards/card-store.ts';
import { changedTexts, withTexts } from '../cards/card-texts.ts';
import { type CardRevision, currentCard } from '../cards/current-card.ts';
import { commitToPair, type RegistryStore } from '../commit-to-pair.ts';
import { withoutOrder } from '../deployments/orders.ts';
import { requireReason } from '../versions/judgement.ts';
import { readStage, readVersion } from '../read-items.ts';
import { moveStage, setReview } from '../transition-items.ts';
import type { VersionStage } from '../versions/stage.ts';

export interface ReviseCard {
  readonly pair: Pair;
  readonly version: number;
  /** The texts to change; all others stay. */
  readonly texts: Partial<CardTexts>;
  readonly principal: string;
  readonly reason: string;
  readonly commandId: string;
}

/**
 * Changes texts of a version's card without training again. The new card is stored beside the old one. Approvals of the
 * old card no longer count, so an approved version is registered again. Texts that say the same change nothing. Throws
 * `VERSION_NOT_FOUND`, `CARD_FIXED` once the version is scheduled or was live, `REASON_MISSING`, `CARD_UNREADABLE`.
 */
export async function reviseCard(
  store: RegistryStore,
  objects: ObjectStore,
  input: ReviseCard,
): Promise<VersionStage> {
  const { entities } = store;
  const { pair, version, texts, principal, reason, commandId } = input;
  const subject = { version, texts };
  return commitToPair<VersionStage>(
    store,
    { pair, kind: 'revise_card', commandId, subject },
    async (state, { at }) => {
      const [known, stage] = await Promise.all([
        readVersion(entities, pair, version),
        readStage(entities, pair, version),
      ]);
      refuseFixed(stage);
      requireReason(reason);
      const before = currentCard(known, stage);
      const card = await readCard(objects, before);
      const changed = changedTexts(card, texts);
      if (changed.length === 0) return { unchanged: stage };
      const revised = withTexts(card, texts);
      const revision: CardRevision = {
        revision: before.revision + 1,
        ...(await writeCard(objects, canonicalJson(revised))),
        missing: missingFields(revised),
        authors: [...new Set([...before.authors, principal])].toSorted(),
      };
      const after = { card: revision, judgements: [] };
      const facts = {
        version,
        reason,
        revision: revision.revision,
        changed,
        card: { key: revision.key, sha256: revision.sha256, missing: revision.missing },
        replaces: before.sha256,
        voided: stage.judgements.map((one) => one.principal),
      };
      const moves = stage.stage === 'approved';
      return {
        // It is carried out once the version is approved again.
        head: withoutOrder(state, version),
        entries: [{ kind: 'card_revised', at, principal, facts }],
        items: [
          moves
            ? moveStage(entities, pair, version, { from: 'approved', to: 'registered', at, ...after })
            : setReview(entities, pair, version, 'registered', after),
        ],
        result: { ...stage, stage: 'registered', since: moves ? at : stage.since, ...after },
      };
    },
  );
}

function refuseFixed({ version, stage, since }: VersionStage): void {
  if (stage === 'registered' || stage === 'approved') return;
  throw new MillraceError('CARD_FIXED', `Version ${version} has been ${stage} since ${since}.`, {
    details: { version, stage },
  });
}
