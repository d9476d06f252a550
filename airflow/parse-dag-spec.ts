import { z } from 'zod';
import { digestOf } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { dagSpecSchema } from './dag-spec-schema.ts';
import { dagSpecKey, type DagSpec } from './dag-spec.ts';

/** Throws `DAG_SPEC_INVALID`. */
export function parseDagSpec(text: string, where: string): DagSpec {
  const refuse = (what: string, cause?: unknown) =>
    new MillraceError('DAG_SPEC_INVALID', what, { where, cause });
  try {
    return checked(JSON.parse(text), refuse);
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw refuse(error instanceof z.ZodError ? z.prettifyError(error) : 'The file is not JSON.', error);
  }
}

/** The spec of the object `key`; undefined if the value is not a valid spec, or that of another pair. */
export function validSpec(value: unknown, key: string): DagSpec | undefined {
  const parsed = dagSpecSchema.safeParse(value);
  return parsed.success && hasItsHash(parsed.data) && dagSpecKey(parsed.data) === key
    ? parsed.data
    : undefined;
}

function checked(value: unknown, refuse: (what: string) => MillraceError): DagSpec {
  const spec = dagSpecSchema.parse(value);
  if (!hasItsHash(spec)) throw refuse('the content hash is of another content');
  return spec;
}

function hasItsHash({ content_hash, ...content }: DagSpec): boolean {
  return digestOf(content) === content_hash;
}
