import type { OwnerConcerned } from '#configs/owner-concerned.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Principal } from './principal.ts';

/** Requires a principal in every team named, or an admin. Throws `TEAM_NOT_ALLOWED`, which lists each team that is missing. */
export function requireTeams({ name, roles, teams }: Principal, needed: readonly OwnerConcerned[]): void {
  if (roles.includes('admin')) return;
  const problems = needed.filter(({ team }) => !teams.includes(team));
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length === 1 ? '' : ` ${problems.length - 1} more documents are listed.`;
  throw new MillraceError(
    'TEAM_NOT_ALLOWED',
    `${name} is not in team ${first.team}, ${first.because}.${more}`,
    {
      where: first.document,
      details: { needs: [...new Set(problems.map(({ team }) => team))].sort(), has: teams, problems },
    },
  );
}
