import type { Catalogue } from './catalogue-entry.ts';

/** Errors of the DAG specs that Airflow's loader reads. */
export const airflowErrors = {
  DAG_SPEC_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'No DAG spec is written for that pair.',
    remedy: 'Deploy a version; the reconciler writes the spec once it is live.',
  },
  DAG_SPEC_INVALID: {
    status: 500,
    exit: 'failed',
    meaning: 'A stored DAG spec does not follow its schema, or its content hash is another.',
    remedy: 'Remove the object; the reconciler’s sweep writes it again.',
  },
} as const satisfies Catalogue;
