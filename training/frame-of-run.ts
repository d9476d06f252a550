import type { ObjectStore } from '#platform/objects/object-store.ts';
import { getIfPresent } from '#platform/objects/verified-object.ts';
import type { FrameSummary } from './job-types.ts';

type Frame = FrameSummary['frame'];

/** The record of the one frame that a workflow trains on, in all its runs. */
export interface FrameOfRun {
  find(): Promise<Frame | undefined>;
  /** Returns the frame that was remembered first. */
  remember(frame: Frame): Promise<Frame>;
}

/**
 * A job's key stays the same when its workflow is reset, so the job must be given the same frame again: built anew, the frame
 * would have another name, and other bytes if its sources have changed. `firstRunId` names the workflow over its resets.
 */
export function frameOfRun(objects: ObjectStore, prefix: string, firstRunId: string): FrameOfRun {
  const key = `${prefix}of-${firstRunId}.json`;
  const find = async (): Promise<Frame | undefined> => {
    const body = await getIfPresent(objects, key);
    return body === undefined ? undefined : (JSON.parse(body.toString()) as Frame);
  };
  return {
    find,
    async remember(frame) {
      const { written } = await objects.putIfAbsent(key, JSON.stringify(frame), 'application/json');
      return written ? frame : ((await find()) ?? frame);
    },
  };
}
