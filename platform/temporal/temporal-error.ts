import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { MillraceError } from '#errors/millrace-error.ts';

/** gRPC status codes of an outage; of every other code a retry gets the same answer. */
const OUTAGES: Readonly<Record<number, string>> = {
  4: 'DEADLINE_EXCEEDED',
  8: 'RESOURCE_EXHAUSTED',
  14: 'UNAVAILABLE',
};

/** The gRPC status code of an error of a call to the Temporal server; undefined for any other error. */
export function grpcCode(thrown: unknown): number | undefined {
  return isGrpcServiceError(thrown) ? thrown.code : undefined;
}

/** An error of a call to the Temporal server, by its gRPC status; undefined for any other error. */
export function temporalError(thrown: unknown): MillraceError | undefined {
  const grpc = thrown instanceof ServiceError ? thrown.cause : thrown;
  if (!isGrpcServiceError(grpc)) return undefined;
  const outage = OUTAGES[grpc.code];
  if (outage !== undefined)
    return new MillraceError('TEMPORAL_UNREACHABLE', `The Temporal server did not answer (${outage}).`, {
      cause: thrown,
    });
  return new MillraceError('TEMPORAL_REFUSED', `The Temporal server refused the call: ${grpc.details}.`, {
    cause: thrown,
    details: { grpc_status: grpc.code },
  });
}
