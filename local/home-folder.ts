import { chmodSync, mkdirSync } from 'node:fs';

/** Makes a home folder that its owner alone may enter, also where an earlier one was open to others. */
export function makeHomeFolder(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
}
