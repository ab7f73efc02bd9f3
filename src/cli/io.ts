import { fstatSync, statSync, writeSync } from 'node:fs';
import { EXIT } from './exit-codes.ts';

/** The program's edges, handed to every command: what it may read and where it may write. */
export interface Io {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  out(text: string): void;
  err(text: string): void;
  /** Standard output is a terminal. */
  readonly isTty: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly width: number;
  /** The same of standard error. */
  readonly errIsTty: boolean;
  readonly errWidth: number;
  stdin(): AsyncIterable<Uint8Array>;
}

/** The real process. Output is synchronous where the system lets it, so that nothing is cut at a pipe. */
export function processIo(): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    out: (text) => {
      write(1, text);
    },
    err: (text) => {
      write(2, text);
    },
    get isTty() {
      return mayBeTerminal(1) && standardStream(1).isTTY;
    },
    get width() {
      return (mayBeTerminal(1) && standardStream(1).columns) || 80;
    },
    get errIsTty() {
      return mayBeTerminal(2) && standardStream(2).isTTY;
    },
    get errWidth() {
      return (mayBeTerminal(2) && standardStream(2).columns) || 80;
    },
    stdin: () => process.stdin,
  };
}

const guardedStreams = new Set<number>();

/** Node's own stream for standard output or error, which a reader who has gone does not break. */
export function standardStream(fd: 1 | 2): NodeJS.WriteStream {
  const stream = fd === 1 ? process.stdout : process.stderr;
  if (!guardedStreams.has(fd)) {
    guardedStreams.add(fd);
    stream.on('error', nobodyReads);
  }
  return stream;
}

/** All output has left the process: none waits in a stream of Node's. */
export function isWritten(): boolean {
  return guardedStreams.size === 0;
}

/** Whoever read our output has gone: there is nobody left to tell. */
function nobodyReads(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  process.exitCode = EXIT.failed;
}

/** Node's streams take a short program two milliseconds to load; where none is needed, none is. */
function write(fd: 1 | 2, text: string): void {
  // Only Node's stream knows how to write to a console of Windows.
  if (process.platform === 'win32' || guardedStreams.has(fd)) {
    standardStream(fd).write(text);
    return;
  }
  const bytes = Buffer.from(text);
  let at = 0;
  try {
    while (at < bytes.length) at += writeSync(fd, bytes, at);
  } catch (error) {
    // A pipe that somebody has set not to block is full: the stream can wait for it.
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') standardStream(fd).write(bytes.subarray(at));
    else nobodyReads(error);
  }
}

function mayBeTerminal(fd: 1 | 2): boolean {
  if (process.platform === 'win32') return true;
  try {
    const stat = fstatSync(fd);
    return stat.isCharacterDevice() && stat.rdev !== statSync('/dev/null').rdev;
  } catch {
    // Closed.
    return false;
  }
}
