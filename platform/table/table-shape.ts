import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  KeySchemaElement,
  TableDescription,
} from '@aws-sdk/client-dynamodb';

function keys(hash: string, range: string): KeySchemaElement[] {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
}

/** A write that changes none of an item's keys then costs no write to an index. */
const PROJECTION = 'KEYS_ONLY';

function index(name: string): GlobalSecondaryIndex {
  return {
    IndexName: name,
    KeySchema: keys(`${name}pk`, `${name}sk`),
    Projection: { ProjectionType: PROJECTION },
  };
}

export const TABLE_KEYS: KeySchemaElement[] = keys('pk', 'sk');
export const TABLE_INDEXES: GlobalSecondaryIndex[] = [index('gsi1'), index('gsi2')];
export const TABLE_ATTRIBUTES: AttributeDefinition[] = [
  'pk',
  'sk',
  'gsi1pk',
  'gsi1sk',
  'gsi2pk',
  'gsi2sk',
].map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));

function spell(schema: readonly KeySchemaElement[] | undefined): string {
  return (schema ?? []).map((key) => `${key.AttributeName} ${key.KeyType}`).join(', ');
}

/** What an existing table lacks; `undefined` if nothing. Additional indexes do no harm. */
export function differenceOfTable(found: TableDescription): string | undefined {
  if (spell(found.KeySchema) !== spell(TABLE_KEYS)) {
    return `its keys are ${spell(found.KeySchema)}, not ${spell(TABLE_KEYS)}`;
  }
  for (const wanted of TABLE_INDEXES) {
    const there = found.GlobalSecondaryIndexes?.find((one) => one.IndexName === wanted.IndexName);
    if (there === undefined) return `it has no index ${wanted.IndexName}`;
    if (spell(there.KeySchema) !== spell(wanted.KeySchema)) {
      return `its index ${wanted.IndexName} has the keys ${spell(there.KeySchema)}, not ${spell(wanted.KeySchema)}`;
    }
    const projection = there.Projection?.ProjectionType;
    if (projection !== PROJECTION)
      return `its index ${wanted.IndexName} projects ${projection ?? 'nothing'}, not ${PROJECTION}`;
  }
  return undefined;
}
