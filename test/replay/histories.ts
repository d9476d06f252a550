import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#local/tools.ts';

/** `<workflow>.<scenario>.<release>.json`, each as `temporal workflow show -o json` writes it. */
export const HISTORIES = join(ROOT, 'test/replay/histories');
/** What each history made its workflow command, in words: a review of a new recording reads this file. */
export const FINGERPRINTS = join(ROOT, 'test/replay/fingerprints.json');

export interface SavedHistory {
  /** File name without `.json`. */
  readonly name: string;
  readonly workflow: string;
  readonly history: { readonly events: readonly SavedEvent[] };
}

interface Named {
  readonly activityType?: { readonly name: string };
  readonly workflowType?: { readonly name: string };
}

/** Its attributes stand under a name of its type. */
export type SavedEvent = Readonly<Record<string, unknown>> & { readonly eventType: string };

export function savedHistories(): readonly SavedHistory[] {
  return globSync('*.json', { cwd: HISTORIES })
    .toSorted()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      workflow: file.split('.')[0] ?? '',
      history: JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')) as SavedHistory['history'],
    }));
}

/** Events that a command of the workflow's code made, by how they are told. */
const COMMANDS: Readonly<Record<string, (attributes: Named) => string>> = {
  EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: ({ activityType }) => `activity ${activityType?.name}`,
  EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED: () => 'cancel activity',
  EVENT_TYPE_TIMER_STARTED: () => 'timer',
  EVENT_TYPE_TIMER_CANCELED: () => 'cancel timer',
  EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED: ({ workflowType }) => `child ${workflowType?.name}`,
  EVENT_TYPE_MARKER_RECORDED: () => 'marker',
  EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: () => 'complete',
  EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: () => 'fail',
  EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: () => 'cancelled',
  EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: () => 'continue as new',
};

/** The sequence of commands of one run. */
export function fingerprint({ history }: SavedHistory): readonly string[] {
  return history.events.flatMap((event) => {
    const told = COMMANDS[event.eventType];
    const found = Object.entries(event).find(([name]) => name.endsWith('EventAttributes'));
    const attributes = found?.[1] as Named | undefined;
    return told === undefined ? [] : [told(attributes ?? {})];
  });
}
