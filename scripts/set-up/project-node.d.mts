export function runsTypeScript(version: string): boolean;
export function nodePackage(
  platform?: string,
  arch?: string,
): readonly [name: string, version: string, digest: string] | undefined;
export function projectNode(root: string, say: (line: string) => void): Promise<string>;
