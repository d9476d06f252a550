import type { Outcome } from './encoded.ts';
import { openSpark, type SparkOracle } from './spark-oracle.ts';

const failed = (error: unknown): Outcome => ({
  error: { class: 'SPARK_ENDED', message: String(error) },
});

/**
 * A Spark that is started anew when it ends, since some queries crash its Java process. A query that ended it twice has
 * failed.
 */
export async function openLastingSpark(
  options: { readonly compiled: boolean },
  paths: Readonly<Record<string, string>>,
  starting: Promise<SparkOracle>,
): Promise<Pick<SparkOracle, 'run'> & AsyncDisposable> {
  let current = starting;
  await (await current).register(paths);
  let retries: Promise<unknown> = Promise.resolve();

  const restart = async (ended: Promise<SparkOracle>): Promise<void> => {
    if (current === ended) {
      current = (async () => {
        await (await ended)[Symbol.asyncDispose]();
        const spark = await openSpark(options);
        await spark.register(paths);
        return spark;
      })();
    }
    await current;
  };

  const attempt = async (
    sql: string,
    onEnd: (error: unknown) => Outcome | Promise<Outcome>,
  ): Promise<Outcome> => {
    const used = current;
    try {
      return await (await used).run(sql);
    } catch (error) {
      await restart(used);
      return await onEnd(error);
    }
  };

  return {
    run: async (sql) =>
      await attempt(sql, async () => {
        // One at a time, so that the query that ends Spark takes no other with it again.
        const retry = retries.then(async () => await attempt(sql, failed));
        retries = retry.catch(() => undefined);
        return await retry;
      }),
    [Symbol.asyncDispose]: async () => await (await current)[Symbol.asyncDispose](),
  };
}
