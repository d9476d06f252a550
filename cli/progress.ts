import { plain, type Terminal } from './terminal.ts';

/** What is going on, on standard error: one line that is redrawn on a terminal, a line per change elsewhere. */
export interface Progress extends Disposable {
  say(what: string): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const WIDTH = 110;

export function startProgress({ err, redraws }: Terminal, title: string): Progress {
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
    const text = plain(`${title}: ${said}`).slice(0, WIDTH);
    frame = (frame + 1) % FRAMES.length;
    err(`\r\u001B[K${FRAMES[frame] ?? ''} ${text} (${seconds} s)`);
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
