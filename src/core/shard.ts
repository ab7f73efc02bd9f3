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
  if (shard === undefined) return true;
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shard.count === shard.index - 1;
}
