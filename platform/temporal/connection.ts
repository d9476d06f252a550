import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import type { Environment } from '#configs/environment.ts';

export interface TemporalAddress {
  readonly address: string;
  readonly tls: boolean;
  readonly apiKey?: string;
}

/** How clients and workers reach Temporal. Temporal Cloud needs TLS and an API key; a local server needs neither. */
export function temporalAddress(env: Environment): TemporalAddress {
  return {
    address: env.MILLRACE_TEMPORAL_ADDRESS,
    tls: env.MILLRACE_TEMPORAL_TLS,
    ...(env.MILLRACE_TEMPORAL_API_KEY === undefined ? {} : { apiKey: env.MILLRACE_TEMPORAL_API_KEY }),
  };
}

/** Connects at the first call, so that a process can start while Temporal is still starting. */
export function openTemporalClient(
  env: Environment,
  ...interceptors: readonly WorkflowClientInterceptor[]
): Client {
  return new Client({
    connection: Connection.lazy(temporalAddress(env)),
    namespace: env.MILLRACE_TEMPORAL_NAMESPACE,
    interceptors: { workflow: [...interceptors] },
  });
}
