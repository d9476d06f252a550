import { writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { answer, type Client } from '#client/client.ts';
import { CliFailure } from '../failure.ts';
import { pairOf, SET_OPTION } from '../pair.ts';
import { allPages } from '../pages.ts';
import { table } from '../print.ts';
import { common, print, wholeNumber, type CommonOptions, type Shell } from '../shell.ts';

interface PairOptions extends CommonOptions {
  readonly featureSet?: string;
}

const ALIAS = '/v1/pairs/{model}/{set}/aliases/{alias}';
const TAGS = '/v1/pairs/{model}/{set}/versions/{version}/tags';

/** Commands about tags, aliases and artifacts of versions, and their deletion. */
export function labelCommands(program: Command, shell: Shell): void {
  common(
    program
      .command('tags')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .option('--set <key=value>', 'set a tag; repeatable', assignment, {})
      .option('--remove <key...>', 'remove these tags')
      .option(...SET_OPTION)
      .description('show the tags of a version, or change some of them'),
    'tags my_model 1 --set region=uk --remove draft',
  ).action(
    async (
      model: string,
      version: number,
      options: PairOptions & { set: Readonly<Record<string, string>>; remove?: string[] },
    ) => {
      const client = await shell.connect();
      const path = { ...(await pairOf(client, model, options.featureSet)), version };
      const { set, remove = [] } = options;
      const changes = { ...set, ...Object.fromEntries(remove.map((key) => [key, null])) };
      const { tags } = await answer(
        Object.keys(changes).length === 0
          ? client.GET(TAGS, { params: { path } })
          : client.PATCH(TAGS, { params: { path }, body: { tags: changes } }),
      );
      print(shell, options, { tags }, table(['tag', 'value'], Object.entries(tags)));
    },
  );

  const aliases = program.command('alias').description('names that point to versions of a pair');
  common(
    aliases
      .command('list')
      .argument('<model>')
      .option(...SET_OPTION)
      .description('list the aliases of a pair'),
    'alias list my_model',
  ).action(async (model: string, options: PairOptions) => {
    const client = await shell.connect();
    const path = await pairOf(client, model, options.featureSet);
    const found = await aliasesOf(client, path);
    const rows = found.map((one) => [one.name, one.version, one.set_by, one.set_at]);
    print(shell, options, { aliases: found }, table(['alias', 'version', 'by', 'at'], rows));
  });
  common(
    aliases
      .command('set')
      .argument('<model>')
      .argument('<alias>')
      .argument('<version>', 'version', wholeNumber)
      .option('--from <version>', 'move it only if it points to this version now', wholeNumber)
      .option(...SET_OPTION)
      .description('point an alias to a version; fails if somebody else moves it meanwhile'),
    'alias set my_model champion 2 --from 1',
  ).action(
    async (model: string, alias: string, version: number, options: PairOptions & { from?: number }) => {
      const client = await shell.connect();
      const pair = await pairOf(client, model, options.featureSet);
      const now = (await aliasesOf(client, pair)).find(({ name }) => name === alias);
      if (options.from !== undefined && now?.version !== options.from) {
        const where = now === undefined ? 'does not exist' : `points to version ${now.version}`;
        throw new CliFailure('PRECONDITION_FAILED', `The alias ${alias} ${where}, not to ${options.from}.`);
      }
      const headers = now === undefined ? { 'If-None-Match': '*' } : { 'If-Match': now.etag };
      const asked = { params: { path: { ...pair, alias } }, body: { version }, headers };
      const set = await answer(client.PUT(ALIAS, asked));
      print(shell, options, set, `${set.name} is version ${set.version}\n`);
    },
  );
  common(
    aliases
      .command('remove')
      .argument('<model>')
      .argument('<alias>')
      .option(...SET_OPTION)
      .description('remove an alias'),
    'alias remove my_model champion',
  ).action(async (model: string, alias: string, options: PairOptions) => {
    const client = await shell.connect();
    const path = { ...(await pairOf(client, model, options.featureSet)), alias };
    const { response } = await client.GET(ALIAS, { params: { path } });
    const headers = { 'If-Match': response.headers.get('etag') ?? '' };
    const gone = await answer(client.DELETE(ALIAS, { params: { path }, headers }));
    print(shell, options, gone, `${gone.name} no longer points to version ${gone.version}\n`);
  });

  common(
    program
      .command('delete')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .requiredOption('--reason <text>', 'reason, kept in the dossier')
      .option(...SET_OPTION)
      .description('delete a version that was never approved; its number stays taken'),
    'delete my_model 3 --reason "Registered by mistake."',
  ).action(async (model: string, version: number, options: PairOptions & { reason: string }) => {
    const client = await shell.connect();
    const params = { path: { ...(await pairOf(client, model, options.featureSet)), version } };
    const body = { reason: options.reason };
    const url = '/v1/pairs/{model}/{set}/versions/{version}';
    const deleted = await answer(client.DELETE(url, { params, body }));
    print(shell, options, deleted, `version ${deleted.version} is ${deleted.stage}\n`);
  });

  common(
    program
      .command('download')
      .argument('<model>')
      .argument('<version>', 'version', wholeNumber)
      .argument('<artifact>', 'name of the artifact, as `millrace versions` shows it')
      .option('--out <file>', 'write to this file (default: the name of the artifact)')
      .option(...SET_OPTION)
      .description('download an artifact of a version and check its SHA-256'),
    'download my_model 1 model.onnx --out model.onnx',
  ).action(
    async (model: string, version: number, artifact: string, options: PairOptions & { out?: string }) => {
      const client = await shell.connect();
      const path = { ...(await pairOf(client, model, options.featureSet)), version, artifact };
      const url = '/v1/pairs/{model}/{set}/versions/{version}/artifacts/{artifact}';
      const found = await answer(client.GET(url, { params: { path } }));
      const bytes = await download(found.url, artifact);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (sha256 !== found.sha256) {
        throw new CliFailure('ARTIFACT_DIGEST_MISMATCH', `${artifact} arrived with the digest ${sha256}.`, {
          where: artifact,
        });
      }
      const file = resolve(shell.terminal.folder, options.out ?? artifact);
      await writeFile(file, bytes);
      print(shell, options, { file, size: bytes.length, sha256 }, `${file} (SHA-256 ${sha256})\n`);
    },
  );
}

function aliasesOf(client: Client, path: { readonly model: string; readonly set: string }) {
  return allPages((query) =>
    answer(client.GET('/v1/pairs/{model}/{set}/aliases', { params: { path, query } })),
  );
}

async function download(url: string, artifact: string): Promise<Buffer> {
  let why: string;
  try {
    const response = await fetch(url);
    if (response.ok) return Buffer.from(await response.arrayBuffer());
    why = `status ${response.status}`;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  throw new CliFailure('STORE_UNREACHABLE', `The object store did not give ${artifact}: ${why}.`);
}

function assignment(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('Give a key, =, and a value.');
  return { ...before, [key]: value };
}
