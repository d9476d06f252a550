import { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } from 'listr2';

export interface Drawn {
  readonly title: string;
  /** Returns one line, which is shown behind the title. */
  readonly run: () => Promise<string>;
}

/** Shows steps with their durations: live on a terminal, one line each elsewhere. */
export async function drawSteps(steps: readonly Drawn[], stream: NodeJS.WriteStream): Promise<void> {
  const logger = new ListrLogger({
    useIcons: !stream.isTTY,
    processOutput: new ProcessOutput(stream, stream),
  });
  const tasks = steps.map(({ title, run }) => ({
    title,
    task: async (_context: unknown, task: { title?: string }): Promise<void> => {
      task.title = `${title}: ${await run()}`;
    },
  }));
  const rendererOptions = { timer: PRESET_TIMER, logger };
  const list = stream.isTTY
    ? new Listr(tasks, { renderer: 'default', rendererOptions, registerSignalListeners: false })
    : new Listr(tasks, { renderer: 'simple', rendererOptions, registerSignalListeners: false });
  await list.run();
}
