import { describeError, EXIT } from './exit-codes.ts';
import { type Io, processIo } from './io.ts';

/** Runs a command so that every failure becomes one clear message and an exit code. */
export async function guarded(run: (io: Io) => Promise<number> | number): Promise<number> {
  const io = processIo();
  try {
    return await run(io);
  } catch (error) {
    io.err(describeError(error));
    return EXIT.failed;
  }
}
