import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Memory of this thread for things that live for a moment, in bytes; Node lets it grow to 32 and, from version 24 on, 128 MB, which makes no scan faster. */
const MOST_BYTES = 8 << 20;

/** Milliseconds from one look at it to the next. */
const INTERVAL = 20;

/**
 * Keeps that memory from growing on, until what it gives is called. Other threads are given a limit when they are
 * started, this one had none to be given. https://v8.dev/blog/trash-talk#minor-gc
 */
export function limitYoungGeneration(): () => void {
  const timer = setInterval(() => {
    const { space_size: size = 0 } = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space') ?? {};
    if (size < MOST_BYTES) return;
    // By this factor it grows whenever much of it survives.
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, INTERVAL);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
