import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { sentError } from '#platform/child-service/sent-error.ts';
import { serveParent } from '#platform/child-service/serve-parent.ts';
import type { CompileAnswer, CompileItem } from './compile-service.ts';
import { compileSet } from './compile-set.ts';

/** The program of the child process that compiles queries. */
serveParent<FeatureConfigs, CompileItem, CompileAnswer>(async (configs, { set, ...dates }, step) => {
  try {
    return { query: compileSet(featureSetNamed(configs, set), configs, dates, step) };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { error: sentError(error) };
  }
});
