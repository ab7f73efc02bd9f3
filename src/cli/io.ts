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
  stdin(): AsyncIterable<Uint8Array>;
}

/** The real process. Output is synchronous where the system lets it, so that nothing is cut at a pipe. */
export function processIo(): Io {
  const { stdout } = process;
  return {
    cwd: process.cwd(),
    env: process.env,
    out: (text) => void stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTty: stdout.isTTY,
    width: stdout.columns || 80,
    stdin: () => process.stdin,
  };
}
