import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { answer } from '#client/client.ts';
import { pairOf, SET_OPTION } from '../pair.ts';
import { describeFiles, sendFiles, type LocalFile } from '../send-files.ts';
import { common, date, type CommonOptions, type Shell } from '../shell.ts';
import { startAndShow } from './runs.ts';

interface RegisterOptions extends CommonOptions {
  readonly onnx: string;
  readonly asOf: string;
  readonly notes: string;
  readonly attach: readonly string[];
  readonly featureSet?: string;
  readonly detach?: boolean;
}

/** Registers a model that was trained elsewhere. */
export function registerCommand(program: Command, shell: Shell): void {
  common(
    program
      .command('register')
      .argument('<model>')
      .requiredOption('--onnx <file>', 'the model, as docs/registry.md describes it')
      .requiredOption('--as-of <date>', 'evaluate on what was known on this date (YYYY-MM-DD)', date)
      .option('--notes <text>', 'where the model comes from and how it was trained', '')
      .option('--attach <file>', 'another file to keep with the version; repeatable', collected, [])
      .option(...SET_OPTION)
      .option('--detach', 'return once the files are sent; `millrace status <id>` shows the outcome')
      .description('evaluate and register a model that was trained elsewhere'),
    'register my_model --onnx model.onnx --as-of 2026-11-01 --notes "Vendor model 4.2"',
  ).action(async (model: string, options: RegisterOptions) => {
    const { onnx, asOf: as_of, notes, attach } = options;
    const files: LocalFile[] = [
      { name: 'model.onnx', path: resolve(shell.terminal.folder, onnx) },
      ...attach.map((path) => ({ name: basename(path), path: resolve(shell.terminal.folder, path) })),
    ];
    const described = await describeFiles(files);
    await startAndShow(shell, options, `register ${model}`, async (client) => {
      const params = { path: await pairOf(client, model, options.featureSet) };
      const body = { files: described };
      const upload = await answer(client.POST('/v1/pairs/{model}/{set}/uploads', { params, body }));
      await sendFiles(files, upload);
      const asked = { upload: upload.upload, as_of, notes };
      return answer(client.POST('/v1/pairs/{model}/{set}/versions', { params, body: asked }));
    });
  });
}

function collected(path: string, before: readonly string[]): readonly string[] {
  return [...before, path];
}
