import patterns from '#patterns/index';
import { builtInEngine } from '../src/engine/built-in.ts';
import { WRITTEN_VALUES } from './support/written-values.ts';
import { viewOf } from './support/view.ts';
const engine = builtInEngine(patterns);
let bad = 0, all = 0;
for (const [section, list] of Object.entries(WRITTEN_VALUES)) {
  for (const { what, path, text: marked, rule, secret } of list) {
    all++;
    const start = Buffer.from(marked.slice(0, marked.indexOf('‹'))).length;
    const end = Buffer.from(marked.slice(0, marked.indexOf('›')).replace('‹', '')).length;
    const text = marked.replace(/[‹›]/g, '');
    const found = (await engine.detect(viewOf(text, path))).filter((m) => m.about !== 'file');
    const ok = found.length === 1 && found[0]?.ruleId === rule && found[0].secret === secret && found[0].start === start && found[0].end === end;
    if (ok) continue;
    bad++;
    console.log(`${section} | ${what} | ${path} | ${JSON.stringify(marked)}\n      want ${rule} ${secret} ${start}-${end}`);
    for (const m of found) console.log(`      got  ${m.ruleId} ${m.secret} ${m.start}-${m.end} ${m.confidence}`);
  }
}
console.log(`${bad} of ${all} fail`);
