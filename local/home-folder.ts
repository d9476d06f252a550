import { chmodSync, mkdirSync } from 'node:fs';

/** Creates a home folder with mode 0700, and tightens the mode of an existing one. */
export function makeHomeFolder(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
}
