import { z } from 'zod';
import { columnSchema, nameSchema } from './names.ts';

/** With the group of missing values, the trainer compares at most 20 groups of an attribute. */
const MOST_EDGES = 18;

const bandedSchema = z.strictObject({
  column: columnSchema.describe('Column whose values are grouped. The attribute has its name.'),
  bands: z
    .array(z.number())
    .min(1)
    .max(MOST_EDGES)
    .describe(
      'Edges between the groups of a column of numbers, in ascending order. Each group begins at an edge and ends before the next one: [25, 40] gives "under 25", "25 to 40" and "40 and over".',
    ),
});

const agedSchema = z.strictObject({
  column: columnSchema.describe('Column with the date of birth.'),
  age_bands: z
    .array(z.int().min(1).max(150))
    .min(1)
    .max(MOST_EDGES)
    .describe(
      'Edges between groups of ages, in completed years on the date of the row, for a column of dates. Groups are as with `bands`.',
    ),
});

export const fairnessSchema = z
  .strictObject({
    source: nameSchema.describe('Source that holds the attributes.'),
    attributes: z
      .array(z.union([columnSchema, bandedSchema, agedSchema]))
      .min(1)
      .describe(
        'Columns whose groups are compared. They are never features. A column with many values is grouped by `bands` or `age_bands`.',
      ),
  })
  .describe('Groups between which the model is compared.');

export type FairnessConfig = z.infer<typeof fairnessSchema>;
export type FairnessAttribute = FairnessConfig['attributes'][number];

/** The column of an attribute, which is also its name. */
export function columnOf(attribute: FairnessAttribute): string {
  return typeof attribute === 'string' ? attribute : attribute.column;
}

/** The names of a model's attributes; none if it compares no groups. */
export function attributeNames(fairness: FairnessConfig | undefined): string[] {
  return (fairness?.attributes ?? []).map(columnOf);
}

/** Edges between the groups of an attribute, in ascending order; undefined if each value is a group. */
export function edgesOf(attribute: FairnessAttribute): readonly number[] | undefined {
  if (typeof attribute === 'string') return undefined;
  return 'bands' in attribute ? attribute.bands : attribute.age_bands;
}

/** Names of the groups between the edges, in ascending order: one more than there are edges. */
export function bandNames(edges: readonly number[]): string[] {
  return [undefined, ...edges].map((from, index) => {
    const to = edges[index];
    if (from === undefined) return `under ${to}`;
    return to === undefined ? `${from} and over` : `${from} to ${to}`;
  });
}
