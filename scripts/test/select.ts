import { globSync } from 'node:fs';
import { ROOT } from '#local/tools.ts';

/** Layers, fastest first. */
const LAYERS = ['unit', 'contract', 'replay', 'workflow', 'integration', 'faults', 'e2e'] as const;

/** The Python tests, which can be selected like a file. */
export const PYTHON_TESTS = 'trainer/tests';

export interface Selection {
  readonly files: readonly string[];
  readonly python: boolean;
}

/** Test files whose path holds one of the patterns (all without any), by layer. `fast`: those that need no server. */
export function selectTests(patterns: readonly string[], fast: boolean, found = testFiles()): Selection {
  const wanted = (path: string) =>
    patterns.length === 0 || patterns.some((pattern) => path.includes(pattern));
  const files = found.filter(wanted).filter((path) => !fast || layerOf(path) === 0);
  return {
    files: files.toSorted((a, b) => layerOf(a) - layerOf(b) || (a < b ? -1 : 1)),
    python: wanted(PYTHON_TESTS) && !fast,
  };
}

/** An unknown layer runs last. */
function layerOf(path: string): number {
  const at = LAYERS.findIndex((layer) => path.startsWith(`test/${layer}/`));
  return at === -1 ? LAYERS.length : at;
}

function testFiles(): readonly string[] {
  return globSync('test/**/*.test.ts', { cwd: ROOT });
}
