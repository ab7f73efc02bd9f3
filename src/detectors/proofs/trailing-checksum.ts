import { FAIL, NONE, PASS } from './verdicts.ts';
import type { Proof } from './proof.ts';

/** A token that ends in a checksum of what stands before it. */
export interface TrailingChecksum {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** The whole token, anchored at both ends; only fixed repetitions or single classes, so that it is linear. */
  readonly shape: RegExp;
  /** Sibling forms that carry no checksum. */
  readonly unchecked?: RegExp;
  /** Characters of the checksum. */
  readonly size: number;
  /** The checksum of a head that matches `shape` without its end. */
  checksum(head: string): string;
}

/** UTF-16 units; no such token is longer. */
const MAX_UNITS = 1024;

/** Makes the proof of a token that ends in a checksum. */
export function trailingChecksum(form: TrailingChecksum): Proof {
  return {
    name: form.name,
    title: form.title,
    source: form.source,
    check(secret) {
      if (form.unchecked?.test(secret.slice(0, MAX_UNITS)) === true) return NONE;
      if (secret.length > MAX_UNITS || !form.shape.test(secret)) return FAIL;
      const cut = secret.length - form.size;
      return secret.slice(cut) === form.checksum(secret.slice(0, cut)) ? PASS : FAIL;
    },
    complete: (head) => form.checksum(head),
  };
}
