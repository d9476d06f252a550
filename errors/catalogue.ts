import { airflowErrors } from './airflow.ts';
import { apiErrors } from './api.ts';
import { cliErrors } from './cli.ts';
import { configErrors } from './configs.ts';
import { featuresErrors } from './features.ts';
import { platformErrors } from './platform.ts';
import { registryErrors } from './registry.ts';
import { scoringErrors } from './scoring.ts';
import { trainingErrors } from './training.ts';
import { uploadErrors } from './uploads.ts';
import { workflowsErrors } from './workflows.ts';

/** Every error the product can report. API answers, CLI output, workflow failures and docs use the same code. */
export const CATALOGUE = {
  ...configErrors,
  ...platformErrors,
  ...featuresErrors,
  ...trainingErrors,
  ...registryErrors,
  ...uploadErrors,
  ...scoringErrors,
  ...airflowErrors,
  ...workflowsErrors,
  ...apiErrors,
  ...cliErrors,
} as const;

export type ErrorCode = keyof typeof CATALOGUE;
