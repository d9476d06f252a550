import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { Priority, SearchAttributePair, TypedSearchAttributes } from '@temporalio/common';
import { parseWorkflowId, type WorkflowSubject } from './ids.ts';
import { CHOSEN_BY_MODEL, PRIORITY_OF } from './priorities.ts';
import { SEARCH_ATTRIBUTES, searchAttributes } from './search-attributes.ts';

/** What the applied configs say of a model, or of a feature set. */
export interface Owner {
  readonly team: string;
  /** `resources.priority` of a model. */
  readonly priority?: number;
}

/** Each gives undefined for what the configs name no longer. */
export interface OwnerLookup {
  readonly ofModel: (name: string) => Promise<Owner | undefined>;
  readonly ofFeatureSet: (name: string) => Promise<Owner | undefined>;
}

interface Started {
  readonly workflowId: string;
  readonly priority?: Priority;
  readonly typedSearchAttributes?: SearchAttributePair[] | TypedSearchAttributes;
}

/**
 * For clients that start workflows outside workflow code: whatever is started under an id of the platform carries model, feature
 * set and team, a priority key, and the team as its fairness key. What the start says itself stays as it is. The workflow bundle does
 * not include this file.
 */
export function startLabels(owners: OwnerLookup): WorkflowClientInterceptor {
  async function labelled<T extends Started>(options: T): Promise<T> {
    const subject = parseWorkflowId(options.workflowId);
    if (subject === undefined) return options;
    const given = pairsOf(options.typedSearchAttributes);
    const says = given.find(({ key }) => key.name === SEARCH_ATTRIBUTES.team.name)?.value as
      string | undefined;
    const asked = options.priority ?? {};
    const isWhole = says !== undefined && asked.priorityKey !== undefined;
    const owner = isWhole ? undefined : await ownerOf(owners, subject);
    const team = says ?? owner?.team;
    const known = new Set(given.map(({ key }) => key.name));
    const names = 'pair' in subject ? subject.pair : { feature_set: subject.feature_set };
    const added = searchAttributes({ ...names, ...(team !== undefined && { team }) });
    const fairnessKey = asked.fairnessKey ?? team;
    return {
      ...options,
      typedSearchAttributes: [...given, ...added.filter(({ key }) => !known.has(key.name))],
      priority: {
        ...asked,
        priorityKey: asked.priorityKey ?? keyOf(subject, owner),
        ...(fairnessKey !== undefined && { fairnessKey }),
      },
    };
  }

  return {
    async start(input, next) {
      return next({ ...input, options: await labelled(input.options) });
    },
    async startWithDetails(input, next) {
      return next({ ...input, options: await labelled(input.options) });
    },
    async signalWithStart(input, next) {
      return next({ ...input, options: await labelled(input.options) });
    },
  };
}

function ownerOf(owners: OwnerLookup, subject: WorkflowSubject): Promise<Owner | undefined> {
  return 'pair' in subject ? owners.ofModel(subject.pair.model) : owners.ofFeatureSet(subject.feature_set);
}

function keyOf({ kind }: WorkflowSubject, owner: Owner | undefined): number {
  return (CHOSEN_BY_MODEL.has(kind) ? owner?.priority : undefined) ?? PRIORITY_OF[kind];
}

function pairsOf(given: Started['typedSearchAttributes']): SearchAttributePair[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : given.getAll();
}
