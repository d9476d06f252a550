import { z } from 'zod';
import { columnSchema } from './names.ts';

/** One column, or several whose values identify together what is scored. */
export const entitySchema = z.union([columnSchema, z.array(columnSchema).min(1)]);

export interface WithEntity {
  readonly entity: string | readonly string[];
}

/** The columns that identify what is scored, in their declared order; at least one. */
export function entityColumns({ entity }: WithEntity): readonly string[] {
  return typeof entity === 'string' ? [entity] : entity;
}

/** How digests, job inputs and errors hold the entity: a list only if it has several columns. */
export function entityForm({ entity }: WithEntity): string | readonly string[] {
  const [only, ...more] = entityColumns({ entity });
  return only !== undefined && more.length === 0 ? only : entity;
}
