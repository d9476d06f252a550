/** Returns the result of a read of `key` that begins no earlier than the call. */
export type SharedReads<V> = (key: string, read: () => Promise<V>) => Promise<V>;

/**
 * Lets callers that need the same item at the same time share one read. At most one read of a key is in flight, and
 * callers that arrive meanwhile share the next one. Nobody gets the result of a read that began before the call, so
 * strongly consistent reads stay consistent. `read` must be the same for all calls with one key. If it fails, every
 * caller that shares it gets the error.
 */
export function sharedReads<V>(): SharedReads<V> {
  const inFlight = new Map<string, Promise<V>>();
  const next = new Map<string, Promise<V>>();

  function begin(key: string, read: () => Promise<V>): Promise<V> {
    next.delete(key);
    const begun = read().finally(() => {
      if (inFlight.get(key) === begun) inFlight.delete(key);
    });
    inFlight.set(key, begun);
    return begun;
  }

  return (key, read) => {
    const current = inFlight.get(key);
    if (current === undefined) return begin(key, read);
    const waiting = next.get(key) ?? current.then(noMatter, noMatter).then(() => begin(key, read));
    next.set(key, waiting);
    return waiting;
  };
}

function noMatter(): void {}
