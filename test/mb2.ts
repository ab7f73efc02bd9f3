import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toReadable } from '../src/sources/text.ts';
import { View } from '../src/core/view.ts';
import { textsInRuns } from '../src/engine/decoding/runs.ts';
import { textsOfEscapes } from '../src/engine/decoding/escapes.ts';
import { isEncoded } from '../src/engine/encoded-run.ts';
import { ESCAPE_ANCHORS, isEscape } from '../src/engine/escapes.ts';
const files: [string, Buffer][] = [];
let total = 0;
(function walk(d: string) { for (const e of readdirSync(d, { withFileTypes: true })) { if (total > 900e6) return; const p = join(d, e.name); if (e.isDirectory()) walk(p); else if (e.isFile()) { const b = toReadable(readFileSync(p)).bytes; if (b.length < 64e6) { files.push([p, b]); total += b.length; } } } })(process.argv[2]!);
const out: any[] = []; const kinds: Record<string, number> = {};
let chunks = 0;
for (const [p, b] of files) {
  const v = new View({ kind: 'chunk', origin: { source: 'worktree', path: p }, bytes: b, firstLine: 1, whole: true, newFile: true });
  const esc: number[] = [];
  for (const a of ESCAPE_ANCHORS) for (let i = b.indexOf(a); i >= 0; i = b.indexOf(a, i + 1)) if (isEscape(b, i)) { esc.push(i); const k = b.toString('latin1', i, i + 1); kinds[k] = (kinds[k] ?? 0) + 1; }
  esc.sort((x, y) => x - y);
  const runs: number[] = [];
  for (const m of b.toString('latin1').matchAll(/[A-Za-z0-9+/=_-]{24,}/g)) if (isEncoded(b, m.index, m.index + m[0].length)) runs.push(m.index, m.index + m[0].length);
  if (runs.length + esc.length === 0) continue;
  chunks++;
  const t0 = performance.now();
  let r = 0, rb = 0, x = 0, xb = 0;
  for (const l of textsInRuns(v, runs)) { r++; rb += l.bytes.length; }
  const t1 = performance.now();
  for (const l of textsOfEscapes(v, esc)) { x++; xb += l.bytes.length; }
  out.push([p.slice(-60), b.length, 'runs', runs.length / 2, r, rb, (t1 - t0).toFixed(1), 'esc', esc.length, x, xb, (performance.now() - t1).toFixed(1)]);
}
console.log(total / 1e6, files.length, chunks, out.reduce((a, o) => a + o[9], 0), 'escape layers', out.reduce((a, o) => a + o[10], 0), 'bytes', out.reduce((a, o) => a + o[4], 0), 'run layers', out.reduce((a, o) => a + o[5], 0), kinds);
out.sort((a, b) => b[10] + b[5] - a[10] - a[5]);
console.log(out.slice(0, 12).map((o) => o.join(' ')).join('\n'));
