// Writes docs/model-card.schema.json from the zod schema: `node registry/cards/write-card-schema.ts`.
import { writeFile } from 'node:fs/promises';
import { cardJsonSchema } from './card-json-schema.ts';

const file = new URL('../../docs/model-card.schema.json', import.meta.url);
await writeFile(file, `${JSON.stringify(cardJsonSchema(), null, 2)}\n`);
