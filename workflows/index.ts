/** The workflows as workers with versioning run them. A server refuses their behaviours from workers without. */
import './versioning.ts';

export * from './unversioned.ts';
