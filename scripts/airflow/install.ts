import { join } from 'node:path';
import { findPython } from '../set-up/find-python.ts';
import { runSteps, type Step } from '../set-up/step.ts';
import { TOOLS, tools } from '#local/tools.ts';

/** Airflow gets an environment of its own, because its pinned packages conflict with those of the trainer. */
const HOME = join(TOOLS, 'airflow');
export const AIRFLOW_BIN = join(HOME, 'bin');

const airflow: Step = {
  name: 'airflow',
  title: 'Airflow, in an environment of its own (uv)',
  inputs: ['airflow/requirements.txt'],
  after: [],
  result: join(AIRFLOW_BIN, 'airflow'),
  stamp: join(TOOLS, 'stamps', 'airflow'),
  run: async (sh) => {
    const python = join(AIRFLOW_BIN, 'python');
    await sh(tools.uv, ['venv', '--quiet', '--allow-existing', '--python', await findPython(), HOME]);
    await sh(tools.uv, ['pip', 'sync', '--require-hashes', '--python', python, 'airflow/requirements.txt'], {
      env: { UV_SYSTEM_CERTS: 'true' },
    });
  },
};

export function installAirflow(say: (line: string) => void): Promise<void> {
  return runSteps([airflow], say);
}
