import type { Client } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { SEARCH_ATTRIBUTES } from '#workflows/contract/search-attributes.ts';

/** Registers the search attributes for the Temporal UI; returns the names that were missing. */
export async function ensureSearchAttributes(client: Client): Promise<string[]> {
  const { operatorService } = client.connection;
  const { namespace } = client.options;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter(({ name }) => customAttributes[name] === undefined);
  if (missing.length > 0) {
    const types = missing.map(({ name, type }) => [name, encodeSearchAttributeIndexedValueType(type)]);
    await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) });
  }
  return missing.map(({ name }) => name);
}
