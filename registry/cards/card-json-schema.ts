import { z } from 'zod';
import { shownCardSchema } from './card.ts';

/** JSON Schema (2020-12) of a model card as the API returns it. */
export function cardJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    ...z.toJSONSchema(shownCardSchema, { target: 'draft-2020-12', reused: 'ref' }),
    title: 'Millrace model card',
  };
}
