import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

/** Answers what never became a request, since it is not HTTP, too slow or too large, with problem details as well. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  // The client is gone, or an answer has begun.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const [code, what] = meaningOf(error.code);
  const problem = problemOf(new MillraceError(code, what), randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function meaningOf(code: string | undefined): readonly [ErrorCode, string] {
  if (code === 'HPE_HEADER_OVERFLOW')
    return ['REQUEST_HEADERS_TOO_LARGE', 'The headers of the request are larger than the API reads.'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return ['REQUEST_INCOMPLETE', 'The request did not arrive within the time that the API waits.'];
  return ['REQUEST_INVALID', 'The request is not valid HTTP.'];
}
