import { z } from 'zod';
import type { ConfigKind } from './config-set.ts';
import { featureSetSchema } from './feature-set.ts';
import { featureTestSchema } from './feature-tests/schema.ts';
import { modelSchema } from './model.ts';
import { platformSchema } from './platform.ts';
import { sourceSchema } from './source.ts';

/** Schema of each kind of document: the single source for the loader, the editors' JSON Schema and the reference page. */
export const documentSchemas = {
  Source: sourceSchema,
  FeatureSet: featureSetSchema,
  Model: modelSchema,
  Platform: platformSchema,
} as const satisfies Record<ConfigKind, z.ZodType>;

export const CONFIG_KINDS = Object.keys(documentSchemas) as readonly ConfigKind[];

/** The parts of JSON Schema that zod generates for our documents and that our code reads. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: string | number | boolean | null;
  readonly [other: string]: unknown;
}

/** What people write: documents of the platform, and tests of feature sets. */
export type WrittenKind = ConfigKind | 'FeatureTest';

const writtenSchemas: Readonly<Record<WrittenKind, z.ZodType>> = {
  ...documentSchemas,
  FeatureTest: featureTestSchema,
};

export const WRITTEN_KINDS = Object.keys(writtenSchemas) as readonly WrittenKind[];

const written = new Map<WrittenKind, JsonSchema>();

/** JSON Schema (2020-12) of what people write, before defaults. */
export function jsonSchemaOf(kind: WrittenKind): JsonSchema {
  let schema = written.get(kind);
  if (schema === undefined) {
    schema = z.toJSONSchema(writtenSchemas[kind], { io: 'input' }) as JsonSchema;
    written.set(kind, schema);
  }
  return schema;
}
