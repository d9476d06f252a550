import { readFileSync } from 'node:fs';

export interface Usage {
  /** User and system time since the process began. */
  readonly cpu_s: number;
  /** Peak resident memory (VmHWM). */
  readonly peak_mib: number;
}

/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Throws where there is no `/proc`. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The process name may contain spaces and brackets, so fields are counted from the last `)`.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpu_s: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    peak_mib: Math.round(Number(peak) / 1024),
  };
}
