/** What the definitions of the registry's items share. */

/** All items of a pair share one partition, so one transaction and one query can reach them all. */
export const pairPartition = {
  field: 'pk',
  composite: ['model', 'feature_set'],
  template: 'pair#${model}/${feature_set}',
  casing: 'none',
} as const;

export const pairAttributes = {
  model: { type: 'string', required: true },
  feature_set: { type: 'string', required: true },
} as const;

export const number = { type: 'number', required: true, padding: { length: 8, char: '0' } } as const;
export const text = { type: 'string', required: true } as const;

export function entityModel(entity: string) {
  return { service: 'registry', entity, version: '1' } as const;
}

export function sortKey<const C extends readonly string[]>(composite: C, template: string) {
  return { field: 'sk', composite, template, casing: 'none' } as const;
}

/** Lists pairs by model and feature set, in a listing of this name. */
export function pairListing(what: string) {
  return {
    index: 'gsi2',
    projection: 'keys_only',
    pk: {
      field: 'gsi2pk',
      composite: ['listing_shard'],
      template: `registry#${what}#\${listing_shard}`,
      casing: 'none',
    },
    sk: {
      field: 'gsi2sk',
      composite: ['model', 'feature_set'],
      template: '${model}/${feature_set}',
      casing: 'none',
    },
  } as const;
}
