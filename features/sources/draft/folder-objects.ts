import type { ObjectStore } from '#platform/objects/object-store.ts';

/** The part of a store that reading Parquet files needs; a folder on this machine can be one. */
export type FolderObjects = Pick<ObjectStore, 'uri' | 'list' | 'getRange'>;
