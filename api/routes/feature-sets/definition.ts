import { type FeatureConfigs, featureSetNamed } from '#catalog/feature-configs.ts';
import { definitionDigest } from '#features/definition.ts';

/** Digest of the definition asked for: by default, the one applied now. Throws `FEATURE_SET_UNKNOWN`. */
export async function definitionAsked(
  configs: () => Promise<FeatureConfigs>,
  set: string,
  asked: string | undefined,
): Promise<string> {
  if (asked !== undefined) return asked;
  const applied = await configs();
  return definitionDigest(featureSetNamed(applied, set), applied);
}
