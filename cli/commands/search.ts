import { InvalidArgumentError, Option, type Command } from 'commander';
import { answer, type GetAnswer } from '#client/client.ts';
import { allPages, firstItems } from '../pages.ts';
import { table } from '../print.ts';
import { common, date, print, wholeNumber, type CommonOptions, type Shell } from '../shell.ts';

const STAGES = [
  'registered',
  'approved',
  'scheduled',
  'live',
  'archived',
  'rejected',
  'withdrawn',
  'deleted',
] as const satisfies GetAnswer<'/v1/search'>['items'][number]['stage'][];
const TIERS = ['low', 'medium', 'high'] as const;

interface SearchOptions extends CommonOptions {
  readonly stage?: (typeof STAGES)[number];
  readonly model?: string;
  readonly featureSet?: string;
  readonly tag?: string[];
  readonly alias?: string;
  readonly tier?: (typeof TIERS)[number];
  readonly author?: string;
  readonly from?: string;
  readonly to?: string;
  readonly metric?: string[];
}

/** Finding versions, and reading the audit trail. */
export function searchCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('search')
      .addOption(new Option('--stage <stage>', 'versions at this stage').choices(STAGES))
      .option('--model <name>', 'versions of this model')
      .option('--feature-set <name>', 'on this feature set; needs --model')
      .option('--tag <key=value...>', 'versions with all of these tags')
      .option('--alias <name>', 'versions that an alias of this name points to')
      .addOption(new Option('--tier <tier>', 'versions of this risk tier').choices(TIERS))
      .option('--author <principal>', 'versions that this principal is an author of')
      .option('--from <date>', 'versions registered on or after this date', date)
      .option('--to <date>', 'versions registered on or before this date', date)
      .option('--metric <bound...>', 'bounds of metrics, such as auc>=0.75', bound)
      .description('find versions of any model'),
    'search --stage live --tag region=uk --metric "auc>=0.75"',
  ).action(async (options: SearchOptions) => {
    const client = await shell.connect();
    const { stage, model, featureSet: feature_set, alias, tier, author, from, to } = options;
    const { tag, metric } = options;
    const asked = { stage, model, feature_set, tag, alias, risk_tier: tier, author, from, to, metric };
    const versions = await allPages((page) =>
      answer(client.GET('/v1/search', { params: { query: { ...page, ...asked } } })),
    );
    const rows = versions.map((one) => [one.model, one.feature_set, one.version, one.stage, one.since]);
    print(shell, options, { versions }, table(['model', 'feature set', 'version', 'stage', 'since'], rows));
  });

  common(
    program
      .command('audit')
      .option('--principal <name>', 'changes asked for by this principal')
      .addOption(new Option('--method <method>').choices(['POST', 'PUT', 'PATCH', 'DELETE']))
      .option('--route <pattern>', 'changes through this route, as the entries name it')
      .option('--code <code>', 'changes that ended in this error')
      .option('--since <instant>', 'from this instant on (ISO-8601 with a zone)')
      .option('--until <instant>', 'before this instant')
      .option('--last <n>', 'at most so many entries', wholeNumber, 50)
      .description('read the audit trail, newest first; for admins'),
    'audit --principal ana --code FORBIDDEN --since 2026-11-01T00:00:00Z',
  ).action(async (options: AuditOptions) => {
    const client = await shell.connect();
    const { principal, method, route, code, since, until, last } = options;
    const filters = { principal, method, route, code, since, until };
    const entries = await firstItems(last, (page) =>
      answer(client.GET('/v1/audit', { params: { query: { ...filters, ...page } } })),
    );
    const rows = entries.map((one) => [
      one.at,
      one.principal,
      `${one.method} ${one.path}`,
      one.status,
      one.code,
      one.granted && `${one.granted.name}: ${[...one.granted.roles, ...one.granted.teams].join(', ')}`,
    ]);
    print(
      shell,
      options,
      { entries },
      table(['at', 'principal', 'request', 'status', 'code', 'granted'], rows),
    );
  });
}

interface AuditOptions extends CommonOptions {
  readonly principal?: string;
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly route?: string;
  readonly code?: string;
  readonly since?: string;
  readonly until?: string;
  readonly last: number;
}

function bound(text: string, before: string[] = []): string[] {
  if (/^[A-Za-z0-9_.-]+(>=|<=)-?\d/.test(text)) return [...before, text];
  throw new InvalidArgumentError('Give a metric, >= or <=, and a number.');
}
