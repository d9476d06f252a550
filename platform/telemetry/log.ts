import { pino, type DestinationStream, type Logger } from 'pino';
import type { Environment } from '#configs/environment.ts';

export type { Logger } from 'pino';

/** Members that may hold a secret, at the top of a log line and up to two levels below. */
const SECRET_MEMBERS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'api_key',
  'apiKey',
  'secretAccessKey',
  'sessionToken',
  'MILLRACE_API_KEY',
  'MILLRACE_TEMPORAL_API_KEY',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
];

/**
 * JSON lines on standard output: `time` (ISO-8601), `level` by name, `part` (which process of the platform), `msg`.
 * Secrets are written as `[secret]`. Give request or workflow ids by `log.child({ workflow_id })`.
 */
export function createLog(env: Environment, part: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level: env.MILLRACE_LOG_LEVEL,
      base: { part },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[secret]',
      },
    },
    ...(destination === undefined ? [] : [destination]),
  );
}
