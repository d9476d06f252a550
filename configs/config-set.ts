import type { FeatureSetConfig } from './feature-set.ts';
import type { ModelConfig } from './model.ts';
import { defaultPlatform, type PlatformConfig } from './platform.ts';
import type { SourceConfig } from './source.ts';

export type ConfigDocument = SourceConfig | FeatureSetConfig | ModelConfig | PlatformConfig;
export type ConfigKind = ConfigDocument['kind'];

/** `Model/churn`: the name of a document in stores, plans and messages. */
export type DocumentKey = `${ConfigKind}/${string}`;

/** Valid documents by name. `platform` holds the defaults until a Platform document is applied. */
export interface ConfigSet {
  readonly sources: ReadonlyMap<string, SourceConfig>;
  readonly featureSets: ReadonlyMap<string, FeatureSetConfig>;
  readonly models: ReadonlyMap<string, ModelConfig>;
  readonly platform: PlatformConfig;
}

export function documentKey(document: { kind: ConfigKind; name: string }): DocumentKey {
  return `${document.kind}/${document.name}`;
}

/** Adds the documents to the set. Each replaces the one of the same kind and name; nothing is removed. */
export function withDocuments(base: ConfigSet, documents: Iterable<ConfigDocument>): ConfigSet {
  const sources = new Map(base.sources);
  const featureSets = new Map(base.featureSets);
  const models = new Map(base.models);
  let platform = base.platform;
  for (const document of documents) {
    switch (document.kind) {
      case 'Source':
        sources.set(document.name, document);
        break;
      case 'FeatureSet':
        featureSets.set(document.name, document);
        break;
      case 'Model':
        models.set(document.name, document);
        break;
      case 'Platform':
        platform = document;
    }
  }
  return { sources, featureSets, models, platform };
}

export function findDocument(
  configs: ConfigSet,
  { kind, name }: { kind: ConfigKind; name: string },
): ConfigDocument | undefined {
  if (kind === 'Source') return configs.sources.get(name);
  if (kind === 'FeatureSet') return configs.featureSets.get(name);
  if (kind === 'Model') return configs.models.get(name);
  return configs.platform.name === name ? configs.platform : undefined;
}

/** The set without these documents. Without the Platform document, the default rules hold. Unknown keys are ignored. */
export function withoutDocuments(base: ConfigSet, removed: readonly DocumentKey[]): ConfigSet {
  if (removed.length === 0) return base;
  const keys = new Set(removed);
  const kept = <T extends ConfigDocument>(documents: ReadonlyMap<string, T>) =>
    new Map([...documents].filter(([, document]) => !keys.has(documentKey(document))));
  return {
    sources: kept(base.sources),
    featureSets: kept(base.featureSets),
    models: kept(base.models),
    platform: keys.has(documentKey(base.platform)) ? defaultPlatform : base.platform,
  };
}
