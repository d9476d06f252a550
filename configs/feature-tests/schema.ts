import { z } from 'zod';
import { columnSchema, dateSchema, nameSchema } from '../names.ts';

const rowSchema = z.record(columnSchema, z.unknown());

const givenSchema = z
  .record(nameSchema, z.array(rowSchema))
  .describe(
    'Rows by source, or by feature set that the query reads. Columns that a row leaves out are null. A source without rows is empty; a set without rows is computed from what is given.',
  );

const testSchema = z
  .strictObject({
    name: z.string().min(1).max(200).describe('What the test shows.'),
    date: dateSchema.describe('Partition date.'),
    params: z
      .record(columnSchema, z.union([z.string(), z.number(), z.boolean()]))
      .default({})
      .describe('Values that replace params of the set.'),
    given: givenSchema.default({}).describe('Rows besides those that all tests of the file have.'),
    expect: z
      .array(rowSchema)
      .optional()
      .describe(
        'All rows of the date in any order, each with the entity. Features that a row leaves out are not compared.',
      ),
    expect_error: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]+$/, 'the code of an error, such as SQL_FAILED')
      .optional()
      .describe('Code of the error with which the date fails.'),
  })
  .refine(
    ({ expect, expect_error: error }) => (expect === undefined) !== (error === undefined),
    'a test has either expect or expect_error',
  );

export const featureTestSchema = z
  .strictObject({
    kind: z.literal('FeatureTest'),
    feature_set: nameSchema.describe('Set that is tested.'),
    given: givenSchema.default({}).describe('Rows that all tests of the document have.'),
    tests: z.array(testSchema).min(1).max(1_000),
  })
  .describe('Tests of a feature set: given rows, and the rows that its query must give on a date.');

export type FeatureTestYaml = z.infer<typeof featureTestSchema>;
export type GivenYaml = z.infer<typeof givenSchema>;
export type TestCase = z.infer<typeof testSchema>;
export type TestRow = z.infer<typeof rowSchema>;
