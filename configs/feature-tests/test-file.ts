/** Files of tests stand beside configs. They are no documents of the platform, so plan and apply leave them out. */
export function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/i.test(path);
}
