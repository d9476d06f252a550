import type { DocumentKey } from './config-set.ts';

/** A team that has a say in an action, with the document that gives it the say. */
export interface OwnerConcerned {
  readonly team: string;
  readonly document: DocumentKey;
  /** Ends a sentence that names the team: `which owns Model/churn`. */
  readonly because: string;
}
