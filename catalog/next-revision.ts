import { digestOf } from '#configs/canonical.ts';
import { type ConfigDocument, documentKey } from '#configs/config-set.ts';
import { type AppliedConfigs, type ChangedKey, type ConfigState, TRAINING_RULES } from './applied-configs.ts';
import { afterChange, changedDocuments, type ConfigChange } from './config-change.ts';

/** The state that a change makes of another one. */
export interface NextRevision {
  readonly state: ConfigState;
  /** Documents whose content the state needs in the store. */
  readonly written: readonly ConfigDocument[];
  /** What was created, changed or removed, sorted. */
  readonly changed: readonly ChangedKey[];
}

/** Undefined if the change changes nothing. `principal` becomes the author of what changes. */
export function nextRevision(
  base: AppliedConfigs,
  change: ConfigChange,
  principal: string,
): NextRevision | undefined {
  const { created, changed, removed } = changedDocuments(base, change);
  const keys = [...created, ...changed, ...removed];
  if (keys.length === 0) return undefined;
  const moved = new Set(keys);
  const written = change.documents.filter((document) => moved.has(documentKey(document)));
  const kept = [...base.digests].filter(([key]) => !removed.includes(key));
  return {
    state: {
      revision: base.revision + 1,
      documents: Object.fromEntries([
        ...kept.map(([key, digest]) => [key, { digest, author: base.authors.get(key) ?? '' }]),
        ...written.map((document) => [
          documentKey(document),
          { digest: digestOf(document), author: principal },
        ]),
      ]) as ConfigState['documents'],
    },
    written,
    changed: [...keys.toSorted(), ...(changesTraining(base, change) ? [TRAINING_RULES] : [])] as ChangedKey[],
  };
}

/** Without a Platform document the default rules hold. */
function changesTraining(base: AppliedConfigs, change: ConfigChange): boolean {
  const { training } = afterChange(base.configs, change).platform;
  return digestOf(training) !== digestOf(base.configs.platform.training);
}
