import type { FromChild, ToChild } from './messages.ts';

/** Answers one item; `shared` is what the whole batch has in common. Calls `step` before each part of the work. */
export type Handler<Shared, Item, Answer> = (
  shared: Shared,
  item: Item,
  step: (name: string) => void,
) => Promise<Answer>;

/**
 * Serves the parent process of this one until it disconnects. An error that the handler throws ends the process: memory
 * may be exhausted, or a WebAssembly module may be left in a broken state.
 */
export function serveParent<Shared, Item, Answer>(handle: Handler<Shared, Item, Answer>): void {
  const shared = new Map<number, Shared>();
  const send = (message: FromChild, then?: () => void): void => {
    process.send?.(message, undefined, undefined, then);
  };
  process.on('message', (message: ToChild) => {
    if (message.kind === 'shared') shared.set(message.batch, message.shared as Shared);
    else if (message.kind === 'forget') shared.delete(message.batch);
    else {
      handle(shared.get(message.batch) as Shared, message.item as Item, (step) =>
        send({ kind: 'step', step }),
      )
        .then((answer) => send({ kind: 'answer', answer }))
        .catch((error: unknown) =>
          send({ kind: 'fault', message: textOf(error), exhausted: isExhaustion(error) }, () =>
            process.exit(1),
          ),
        );
    }
  });
  // An exit would wait for the threads of native libraries, which may be in the middle of hours of work.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  send({ kind: 'ready' });
}

/** Errors of an engine that ran out of memory or stack, which no code of ours throws. */
function isExhaustion(error: unknown): boolean {
  // TypeScript's library for Node has no type of WebAssembly's own RuntimeError.
  return error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError');
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
