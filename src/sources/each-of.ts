/**
 * The items of batches, one by one. An async generator that hands on each item of another costs some
 * promises for each; a change of many files has hundreds of items, and a hook little time.
 */
export function eachOf<T>(batches: AsyncGenerator<readonly T[], void>): AsyncIterableIterator<T> {
  let batch: readonly T[] = [];
  let at = 0;
  const pull = async (): Promise<IteratorResult<T>> => {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) return { done: true, value: undefined };
      batch = step.value;
      at = 1;
      // In bounds where it is read.
      if (batch.length > 0) return { done: false, value: batch[0] as T };
    }
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      if (at < batch.length) return Promise.resolve({ done: false, value: batch[at++] as T });
      return pull();
    },
    async return() {
      await batches.return();
      return { done: true, value: undefined };
    },
  };
}
