import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { TableHandle } from '#platform/table/table.ts';

/** Every item of the table by its keys, to compare what is stored before and after; `without` names a partition to leave out. */
export async function storedItems(
  { client, name }: TableHandle,
  { without }: { readonly without?: string } = {},
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const items: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: name, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  const place = ({ pk, sk }: Readonly<Record<string, unknown>>) => `${String(pk)} ${String(sk)}`;
  return items
    .filter(({ pk }) => without === undefined || pk !== without)
    .sort((a, b) => place(a).localeCompare(place(b)));
}
