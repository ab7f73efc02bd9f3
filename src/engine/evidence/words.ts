import words from '#patterns/words';
import type { Words } from '../../rules/compiled.ts';

export const WORDS: Words = words;
