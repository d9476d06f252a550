import type { PlatformConfig } from '../platform.ts';
import type { Fault } from '../schema-problems.ts';
import { fault } from './references.ts';

export function platformFaults(platform: PlatformConfig): Fault[] {
  const { psi_warn: warn, psi_alert: alert } = platform.drift;
  if (warn < alert) return [];
  return [
    fault(
      'CONFIG_INVALID_VALUE',
      ['drift', 'psi_warn'],
      `the warning ${warn} is not below the alert ${alert}`,
      {
        expected: `less than ${alert}`,
      },
    ),
  ];
}
