/** One step of a glob: a byte, a set of bytes (one element per byte), or what may repeat. */
export type Token =
  | number
  | Uint8Array
  /** Any bytes; within one name, if `segment`. */
  | 'star'
  | 'segment'
  /** No folder or any number of them, each with its slash. */
  | 'folders';

const SLASH = 0x2f;

/**
 * A glob as a machine that is in all its states at once, one bit each (Baeza-Yates and Gonnet, A new approach to text
 * searching, https://doi.org/10.1145/135239.135243): a byte of text costs one step per 32 tokens, whatever they are.
 * A star is no state, but a loop on the one before it.
 *
 * @returns whether it matches all of a byte string
 */
export function compileGlob(tokens: readonly Token[]): (text: string) => boolean {
  /** What leads from each state to the next; nothing does where folders may follow. */
  const steps: (number | Uint8Array | undefined)[] = [];
  const loops = new Map<number, 'star' | 'segment'>();
  const forks: number[] = [];
  let previous: Token | undefined;
  for (const token of tokens) {
    if (token === 'star' || token === 'segment') {
      if (loops.get(steps.length) !== 'star') loops.set(steps.length, token);
    } else if (token !== 'folders') steps.push(token);
    else if (previous !== 'folders') {
      forks.push(steps.length);
      steps.push(undefined);
      loops.set(steps.length, 'star');
      steps.push(SLASH);
    }
    previous = token;
  }
  const last = steps.length;
  const words = (last >> 5) + 1;
  const fork = bits(words, forks);
  const loopAny = bits(
    words,
    [...loops].flatMap(([state, kind]) => (kind === 'star' ? [state] : [])),
  );
  const loopName = bits(words, loops.keys());
  /** The states that each byte leads on from; made when it is first met. */
  const rows: (Uint32Array | undefined)[] = Array.from({ length: 256 });
  const row = (byte: number): Uint32Array =>
    bits(
      words,
      steps.flatMap((step, state) => ((typeof step === 'object' ? step[byte] === 1 : step === byte) ? [state] : [])),
    );

  const close = (states: Uint32Array): void => {
    if (forks.length === 0) return;
    let carry = 0;
    for (let word = 0; word < words; word++) {
      const from = at(states, word) & at(fork, word);
      states[word] = at(states, word) | (from << 1) | (from << 2) | carry;
      carry = (from >>> 31) | (from >>> 30);
    }
  };

  const states = new Uint32Array(words);
  /** The text that `states` has read: the folders above a path are asked first, and none of them is read twice. */
  let read = '';
  let dead = false;
  return (text) => {
    if (read === '' || !text.startsWith(read)) {
      states.fill(0);
      states[0] = 1;
      close(states);
      read = '';
      dead = false;
    }
    for (let index = read.length; index < text.length && !dead; index++) {
      const byte = text.charCodeAt(index);
      const next = (rows[byte] ??= row(byte));
      const stay = byte === SLASH ? loopAny : loopName;
      let carry = 0;
      let alive = 0;
      for (let word = 0; word < words; word++) {
        const now = at(states, word);
        const moved = now & at(next, word);
        const then = (moved << 1) | carry | (now & at(stay, word));
        carry = moved >>> 31;
        states[word] = then;
        alive |= then;
      }
      if (alive === 0) {
        dead = true;
        read = text.slice(0, index + 1);
      } else close(states);
    }
    if (!dead) read = text;
    return ((at(states, last >> 5) >>> (last & 31)) & 1) === 1;
  };
}

function at(words: Uint32Array, word: number): number {
  return words[word] ?? 0;
}

function bits(words: number, states: Iterable<number>): Uint32Array {
  const set = new Uint32Array(words);
  for (const state of states) set[state >> 5] = at(set, state >> 5) | (1 << (state & 31));
  return set;
}
