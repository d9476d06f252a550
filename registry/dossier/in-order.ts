/**
 * Works on at most `atOnce` items at the same time, and yields the results in the order of the items. No item is
 * started while the consumer still has that many results to take.
 */
export async function* inOrder<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const started: Promise<R>[] = [];
  try {
    for (const item of items) {
      const result = work(item);
      // Its error is thrown in its turn; until then Node must not take it for one that nobody handles.
      result.catch(() => undefined);
      started.push(result);
      if (started.length >= atOnce) yield await next(started);
    }
    while (started.length > 0) yield await next(started);
  } finally {
    await Promise.allSettled(started);
  }
}

function next<R>(started: Promise<R>[]): Promise<R> {
  const [first] = started.splice(0, 1);
  if (first === undefined) throw new TypeError('Nothing was started.');
  return first;
}
