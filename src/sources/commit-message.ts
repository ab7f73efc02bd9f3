import { readFile } from 'node:fs/promises';
import type { Chunk, Source } from '../core/chunk.ts';
import { SourceError } from '../core/errors.ts';

export interface CommitMessageOptions {
  /** The file that git names to its commit-msg hook. */
  readonly file: string;
  /** First character(s) of a comment line; git's `core.commentChar`, default `#`. */
  readonly commentChar?: string;
}

/** https://git-scm.com/docs/git-commit#Documentation/git-commit.txt---cleanupltmodegt */
const SCISSORS = '------------------------ >8 ------------------------';

/** A commit message as git will keep it: no comment lines, nothing below the scissors line. */
export function commitMessageSource(options: CommitMessageOptions): Source {
  return {
    name: 'commit-message',
    async *read(): AsyncGenerator<Chunk> {
      let text: Buffer;
      try {
        text = await readFile(options.file);
      } catch (error) {
        throw new SourceError('the commit message file cannot be read', {
          fix: 'give the file that git hands to its commit-msg hook',
          cause: error,
        });
      }
      const bytes = keptLines(text, options.commentChar ?? '#');
      if (bytes.length === 0) return;
      yield {
        kind: 'chunk',
        origin: { source: 'commit-message', path: 'COMMIT_EDITMSG' },
        bytes,
        firstLine: 1,
        whole: true,
        newFile: true,
      };
    },
  };
}

/** Comment lines become empty ones, so that line numbers stay those of the file. */
function keptLines(text: Buffer, commentChar: string): Buffer {
  const lines = text.toString('latin1').split('\n');
  const kept: string[] = [];
  let empty = true;
  for (const line of lines) {
    const comment = line.startsWith(Buffer.from(commentChar).toString('latin1'));
    if (comment && line.includes(SCISSORS)) break;
    kept.push(comment ? '' : line);
    empty &&= comment || line.trim() === '';
  }
  return empty ? Buffer.alloc(0) : Buffer.from(kept.join('\n'), 'latin1');
}
