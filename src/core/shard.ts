/** One of `count` parts of a job, by content: the same on every machine. `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `3/16`, as people and reports write it. */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/**
 * Whether a part has what goes by this name: a path, say, or a line. Every name is in one part, whatever
 * else there is. FNV-1a over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/), its bits mixed at
 * the end as in MurmurHash3, since its lowest ones say little.
 */
export function isInShard(name: string, shard: Shard | undefined): boolean {
  return shard === undefined || hashOf(name, FNV_BASIS) % shard.count === shard.index - 1;
}

const FNV_BASIS = 0x811c9dc5;

function hashOf(name: string, basis: number): number {
  let hash = basis;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Tells wholes apart, of which shards are parts: the same for the same names in any order, and most likely another
 * for others. Every shard of a job meets all names, so that a merge can tell whose parts it has.
 */
export class WholeDigest {
  #count = 0;
  #high = 0;
  #low = 0;

  add(name: string): void {
    this.#count++;
    // Sums do not depend on the order.
    this.#high = (this.#high + hashOf(name, FNV_BASIS ^ 0x5bd1e995)) >>> 0;
    this.#low = (this.#low + hashOf(name, FNV_BASIS ^ 0x1b873593)) >>> 0;
  }

  toString(): string {
    return [this.#count.toString(), ...[this.#high, this.#low].map((half) => half.toString(16).padStart(8, '0'))].join(
      '-',
    );
  }
}
