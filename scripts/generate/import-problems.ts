import { posix } from 'node:path';
import { ROOMS } from './rooms.ts';

/** `from '…'`, `import '…'`, `import('…')` and `require('…')`. */
const IMPORT = /\b(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g;

/**
 * Problems of a file that lint rules about `#name` cannot see: it is in no folder of the import order, or it imports from
 * another folder by a path instead of `#name`.
 *
 * @param file path below the checkout, such as `registry/commands/archive-version.ts`.
 */
export function importProblems(file: string, text: string): readonly string[] {
  if (!ROOMS.some(({ room }) => file.startsWith(`${room}/`))) {
    return [`${file}: its folder is not in the import order (scripts/generate/rooms.ts).`];
  }
  return [...text.matchAll(IMPORT)]
    .map((match) => match[1] ?? '')
    .filter((path) => isPathElsewhere(file, path))
    .map((path) => `${file}: import from another folder by its #name, not by ${path}`);
}

function isPathElsewhere(file: string, path: string): boolean {
  if (path.startsWith('#')) return topOf(posix.normalize(path)) !== topOf(path);
  return path.startsWith('.') && topOf(posix.join(posix.dirname(file), path)) !== topOf(file);
}

function topOf(path: string): string {
  return path.split('/', 1)[0] ?? '';
}
