import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { sentError } from '#platform/child-service/sent-error.ts';
import { serveParent } from '#platform/child-service/serve-parent.ts';
import type { CompileAnswer, CompileItem } from './compile-service.ts';
import { compileSet } from './compile-set.ts';
import { engineTexts } from './engine-texts.ts';

/** The program of the child process that compiles queries. */
serveParent<FeatureConfigs, CompileItem, CompileAnswer>(async (configs, { set, bucket, ...dates }, step) => {
  try {
    const query = compileSet(featureSetNamed(configs, set), configs, dates, step);
    if (bucket === undefined) return { query };
    return { query, texts: engineTexts(query, { set, dt: dates.dt, configs, bucket }) };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { error: sentError(error) };
  }
});
