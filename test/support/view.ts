import type { Chunk } from '../../src/core/chunk.ts';
import { View } from '../../src/core/view.ts';

/** A whole new file of the working tree. */
export function viewOf(text: string | Uint8Array, path = 'notes.txt'): View {
  const chunk: Chunk = {
    kind: 'chunk',
    origin: { source: 'worktree', path },
    bytes: typeof text === 'string' ? Buffer.from(text) : text,
    firstLine: 1,
    whole: true,
    newFile: true,
  };
  return new View(chunk);
}
