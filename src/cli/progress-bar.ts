import type { Progress } from '../core/chunk.ts';

/** Milliseconds until it appears, and between two pictures of it. */
const FIRST = 300;
const EACH = 100;
/** Columns of the bar itself. */
const BAR = 20;

/** Where it is drawn. */
export interface BarScreen {
  readonly width: number;
  write(text: string): void;
}

/** One line that says how far a scan has come: files, speed, time left. It leaves nothing behind. */
export class ProgressBar {
  readonly #screen: BarScreen;
  readonly #now: () => number;
  readonly #started: number;
  #drawn: number;
  #isShown = false;

  /** @param now milliseconds of any clock */
  constructor(screen: BarScreen, now: () => number) {
    this.#screen = screen;
    this.#now = now;
    this.#started = now();
    this.#drawn = this.#started + FIRST - EACH;
  }

  readonly show = (progress: Progress): void => {
    const now = this.#now();
    if (now - this.#drawn < EACH) return;
    this.#drawn = now;
    this.#isShown = true;
    this.#screen.write(`\r${pictureOf(progress, now - this.#started, this.#screen.width - 1)}\u001b[K`);
  };

  /** Takes it away, until it is shown again. */
  clear(): void {
    if (this.#isShown) this.#screen.write('\r\u001b[K');
    this.#isShown = false;
  }
}

/** @param elapsed in milliseconds */
export function pictureOf({ done, total, bytes }: Progress, elapsed: number, width: number): string {
  const speed = `${(bytes / 1e3 / Math.max(1, elapsed)).toFixed(bytes / 1e3 < 10 * elapsed ? 1 : 0)} MB/s`;
  const files = number(done);
  const parts =
    total === undefined || total < done || done === 0
      ? [`${files} files`, speed]
      : [`${bar(done / total)} ${files} of ${number(total)} files`, speed, left((elapsed * (total - done)) / done)];
  let text = `keepmum: ${parts[0] ?? ''}`;
  for (const part of parts.slice(1)) if (text.length + part.length + 2 <= width) text += `, ${part}`;
  return text.slice(0, Math.max(0, width));
}

function bar(share: number): string {
  const full = Math.round(share * BAR);
  return `[${'='.repeat(full)}${' '.repeat(BAR - full)}]`;
}

function left(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 100 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
}

function number(value: number): string {
  return value.toString().replace(/\B(?=(?:\d{3})+$)/g, ',');
}
