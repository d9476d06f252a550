import { z } from 'zod';

const readingSchema = z.enum(['open', 'team']);

/** `read` of a document. */
export const readSchema = readingSchema
  .optional()
  .describe(
    'Who reads what is derived from it: everybody (`open`), or its owner’s team (`team`). Default: `access.read` of the Platform document. What reads a restricted document is restricted too.',
  );

export const accessSchema = z
  .strictObject({
    read: readingSchema
      .default('open')
      .describe('What holds for documents without `read`: everybody reads, or the owner’s team.'),
  })
  .prefault({})
  .describe('Who may read what is derived from sources, feature sets and models.');
