import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../src/git/arena.ts';

test('no text is written over while it is held, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(900), fc.nat(20)), { maxLength: 80 }), (steps) => {
      const arena = new Arena(4096);
      const held: { text: Buffer; byte: number }[] = [];
      steps.forEach(([size, which], byte) => {
        const text = arena.take(size);
        expect(text.length).toBe(size);
        text.fill(byte);
        held.push({ text, byte });
        if (which < held.length) held.splice(which, 1).forEach((given) => arena.give(given.text));
        for (const { text: kept, byte: filled } of held) expect(kept.every((value) => value === filled)).toBe(true);
      });
    }),
  );
});

test('what is given back is used again, and put together again', () => {
  const arena = new Arena(1024);
  const texts = Array.from({ length: 4 }, () => arena.take(256));
  const memory = new Set(texts.map(({ buffer }) => buffer));
  expect(memory.size).toBe(1);
  const alone = arena.take(10);
  expect(memory.has(alone.buffer)).toBe(false);
  arena.give(alone);
  for (const index of [2, 0, 3, 1]) arena.give(texts[index] ?? Buffer.alloc(0));
  const whole = arena.take(1024);
  expect(memory.has(whole.buffer)).toBe(true);
  expect(memory.has(arena.take(0).buffer)).toBe(false);
});
