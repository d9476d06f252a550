export interface Prerequisite {
  readonly what: string;
  readonly commands: readonly (readonly [command: string, args: readonly string[]])[];
  readonly accept: (text: string) => boolean;
  readonly remedy: string;
}
export interface MissingPrerequisite {
  readonly what: string;
  readonly found: string;
  readonly remedy: string;
}
export const PREREQUISITES: readonly Prerequisite[];
export function pythonCommands(): readonly string[];
export function missingPrerequisites(
  prerequisites?: readonly Prerequisite[],
): Promise<readonly MissingPrerequisite[]>;
