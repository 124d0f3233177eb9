import { clearLine, cursorTo } from 'node:readline';
import { Presets, SingleBar } from 'cli-progress';

/** Shows how far an import is. Notes stay on the screen, the state does not. */
export interface Progress {
  start(totalBytes: number): void;
  advance(bytes: number, state: string): void;
  note(text: string): void;
  /** The last state; `finished` when all of the file is through. */
  stop(finished: boolean): void;
}

export function createProgress(output: NodeJS.WriteStream): Progress {
  return output.isTTY ? new BarProgress(output) : new LineProgress(output);
}

class BarProgress implements Progress {
  readonly #bar: SingleBar;
  #total = 0;

  constructor(private readonly output: NodeJS.WriteStream) {
    const format = 'Importing {bar} {percentage}% | {state}';
    // Its own handler of SIGINT would keep the process from ending; redrawing always brings the bar back under a note.
    this.#bar = new SingleBar(
      { format, stream: output, barsize: 30, gracefulExit: false, forceRedraw: true },
      Presets.shades_classic,
    );
  }

  start(totalBytes: number): void {
    this.#total = totalBytes;
    this.#bar.start(totalBytes, 0, { state: 'starting' });
  }

  advance(bytes: number, state: string): void {
    this.#bar.update(bytes, { state });
  }

  note(text: string): void {
    clearLine(this.output, 0);
    cursorTo(this.output, 0);
    this.output.write(`${text}\n`);
  }

  stop(finished: boolean): void {
    if (finished) this.#bar.update(this.#total);
    this.#bar.stop();
  }
}

const secondsBetweenLines = 2;

/** Plain lines, a few seconds apart, for logs and pipes. */
export class LineProgress implements Progress {
  #total = 0;
  #nextAt = 0;

  constructor(private readonly output: { write(text: string): unknown }) {}

  start(totalBytes: number): void {
    this.#total = totalBytes;
  }

  advance(bytes: number, state: string): void {
    if (Date.now() < this.#nextAt) return;
    this.#nextAt = Date.now() + secondsBetweenLines * 1000;
    this.note(`${Math.floor((100 * bytes) / Math.max(this.#total, 1))}% | ${state}`);
  }

  note(text: string): void {
    this.output.write(`${text}\n`);
  }

  stop(finished: boolean): void {
    if (finished) this.note('100%');
  }
}
