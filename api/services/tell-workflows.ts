import type { Client } from '@temporalio/client';
import type { FastifyBaseLogger } from 'fastify';

export interface TellDeps {
  readonly temporal: Client;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

/** The caller waits as long while Temporal does not answer. */
const LONGEST_MS = 3_000;

/**
 * Tells workflows of a change that is committed. They also poll the registry, so a lost signal only costs time: its failure
 * neither undoes the change nor fails the request.
 */
export async function tellWorkflows({ temporal, log }: TellDeps, tell: () => Promise<void>): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + LONGEST_MS, tell);
  } catch (error) {
    log.warn({ err: error }, 'waiting workflows were not signalled');
  }
}
