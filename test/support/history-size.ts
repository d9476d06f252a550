import type { WorkflowHandle } from '@temporalio/client';

/** Nothing above this travels through a history: it would be read again by every replay. Bytes. */
export const MOST_EVENT_BYTES = 64 * 1024;

/** Bytes of texts and payloads in a Temporal message, or in its JSON form, where payloads are longer by a third. */
export function messageBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + messageBytes(part), 0);
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** Events above the limit, by number and size. */
export function bigEvents(events: History['events'] | readonly object[]): readonly string[] {
  return (events ?? []).flatMap((event, index) => {
    const bytes = messageBytes(event);
    return bytes > MOST_EVENT_BYTES ? [`event ${index + 1}: ${bytes} bytes`] : [];
  });
}
