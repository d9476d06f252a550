import { DefaultLogger, Runtime, type LogEntry } from '@temporalio/worker';
import type { Logger } from '#platform/telemetry/log.ts';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** How often workers report their slots and that they are alive to Temporal; `GET /v1/workers` shows it. */
const REPORT_EVERY = '10s';

/** Writes the SDK's log messages to our log, with their workflow and activity. */
export function installTemporalLog(log: Logger): void {
  const write = ({ level, message, meta }: LogEntry): void => {
    const { workflowId, runId, workflowType, activityType, attempt, taskQueue, error } = (meta ??
      {}) as Record<string, unknown>;
    log[LEVELS[level]](
      {
        workflow_id: workflowId,
        run_id: runId,
        workflow: workflowType,
        activity: activityType,
        attempt,
        queue: taskQueue,
        err: error,
      },
      message,
    );
  };
  Runtime.install({
    logger: new DefaultLogger('INFO', write),
    shutdownSignals: ['SIGTERM', 'SIGINT'],
    workerHeartbeatInterval: REPORT_EVERY,
  });
}
