export const STAMP: string;
export function setUpIsFresh(root: string): boolean;
export function setUpDigest(root: string): string;
export function filesDigest(root: string, paths: readonly string[]): string;
