import { plain, type Terminal } from './terminal.ts';

/** Progress on standard error: one line that is redrawn on a terminal, one line per change elsewhere. */
export interface Progress extends Disposable {
  say(what: string): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

export function startProgress({ err, redraws, columns }: Terminal, title: string): Progress {
  const begun = performance.now();
  let said = '';
  if (!redraws) {
    return {
      say(what) {
        if (what === said) return;
        said = what;
        err(`${plain(`${title}: ${what}`)}\n`);
      },
      [Symbol.dispose]: () => undefined,
    };
  }
  let frame = 0;
  const draw = (): void => {
    const seconds = Math.floor((performance.now() - begun) / 1_000);
    frame = (frame + 1) % FRAMES.length;
    err(`\r\u001B[K${fitted(`${FRAMES[frame] ?? ''} ${title}: ${said}`, ` (${seconds} s)`, columns())}`);
  };
  const timer = setInterval(draw, FRAME_MS);
  return {
    say(what) {
      said = what;
      draw();
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      err('\r\u001B[K');
    },
  };
}

/** Truncates the text so that it fits on one line with `end`, because a wrapped line cannot be redrawn. */
export function fitted(text: string, end: string, columns: number): string {
  // The last column stays empty, because some terminals wrap as soon as it is filled.
  const room = Math.max(0, columns - 1 - end.length);
  const line = plain(text).replaceAll(/\s+/g, ' ');
  return line.length <= room ? line + end : `${line.slice(0, Math.max(0, room - 1))}…${end}`;
}
