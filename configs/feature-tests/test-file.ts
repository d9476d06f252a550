/** Test files live beside configs but are not config documents, so plan and apply skip them. */
export function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/i.test(path);
}
