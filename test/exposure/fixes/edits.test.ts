import fc from 'fast-check';
import { parse as parseJson } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { loadAssistants, type Assistant } from '../../../src/exposure/assistants.ts';
import { editsOf } from '../../../src/exposure/fixes/index.ts';
import { Configurations } from '../../../src/exposure/settings/index.ts';
import { projectOf } from '../../support/project.ts';

const known = await loadAssistants();
const of = (id: string): Assistant => {
  const found = known.assistants.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

/** Names with everything that a syntax may take for more than itself. */
const name = fc
  .string({ unit: fc.constantFrom(...Array.from('ab.[]*?!#\\ (){}"\',é$~^|:=')), minLength: 1, maxLength: 8 })
  .filter((text) => text !== '.' && text !== '..' && !text.startsWith('~'));
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

/** Settings that are there already, by assistant: what a person may have, in a person's writing. */
const BEFORE: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  'claude-code': [
    {},
    {
      '.claude/settings.json':
        '{\r\n\t// ours\r\n\t"permissions": { "deny": ["Read(/a)",], "allow": ["Read(b)"] },\r\n}\r\n',
    },
    { '.claude/settings.json': '{ "permissions": { "deny": [] }, "sandbox": { "enabled": false } }' },
    { '.claude/settings.json': '{ "permissions": [] }' },
  ],
  codex: [
    {},
    { '.codex/config.toml': '# ours\r\nmodel = "x"\r\n[mcp_servers.a]\r\ncommand = "b"' },
    {
      '.codex/config.toml':
        'default_permissions = "a b"\n[permissions."a b".filesystem.":workspace_roots"]\n"a" = "deny"\n',
    },
    { '.codex/config.toml': 'default_permissions = ":workspace"\n' },
  ],
  'gemini-cli': [
    {},
    { '.geminiignore': 'a\n!a\n# ours' },
    {
      '.geminiignore': '/a\r\n',
      '.gemini/settings.json': '{ "context": { "fileFiltering": { "customIgnoreFilePaths": [".ours"] } } }',
      '.ours': '!*\n',
    },
  ],
  'cursor-cli': [
    {},
    { '.cursor/cli.json': '{ "permissions": { "allow": ["Read(**)"], "deny": [] } }\n', '.cursorignore': '\ufeff!a' },
  ],
  opencode: [
    {},
    { 'opencode.json': '{ "permission": { "read": { "*": "allow", "a": "ask" } } }\n' },
    { 'opencode.jsonc': '{ "permission": { "read": "allow" } /* ours */ }\n' },
  ],
  zed: [{}, { '.zed/settings.json': '{ "private_files": ["**/a"] }\n' }],
  amp: [{}, { '.amp/settings.json': '{ "amp.permissions": [{ "tool": "Read", "action": "allow" }] }\n' }],
  'roo-code': [{}, { '.rooignore': '*\n!*\n' }],
  kiro: [{}, { '.kiroignore': '!b\n' }],
  aider: [{}, { '.aiderignore': 'b' }],
  windsurf: [{}],
  'qwen-code': [{}],
};

/** Everything of `part` stands in `whole`; lists have what was there in its order. */
function holds(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    let at = -1;
    return (
      Array.isArray(whole) &&
      part.every((one) => (at = whole.findIndex((other, index) => index > at && holds(other, one))) >= 0)
    );
  }
  if (typeof part !== 'object' || part === null) return whole === part;
  return Object.entries(part).every(([key, value]) =>
    holds((whole as Record<string, unknown> | undefined)?.[key], value),
  );
}

describe.each(Object.entries(BEFORE))('%s', (id, all) => {
  test('what is there stays, what is closed stays closed, and a second run changes nothing', () => {
    const assistant = of(id);
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.uniqueArray(path, { minLength: 1, maxLength: 4 }), (before, paths) => {
        const files: Record<string, string> = { ...Object.fromEntries(paths.map((one) => [one, 'x'])), ...before };
        const edit = (texts: Record<string, string>): Record<string, string> => {
          const edits = editsOf({ assistant, known, paths, project: projectOf(texts, { untracked: paths }) });
          return { ...texts, ...Object.fromEntries(edits.map(({ file, after }) => [file, after])) };
        };
        const first = edit(files);
        for (const [file, text] of Object.entries(before)) {
          const after = first[file] ?? '';
          if (file.endsWith('.toml')) expect(holds(parseToml(after), parseToml(text))).toBe(true);
          else if (/\.jsonc?$/.test(file)) expect(holds(parseJson(after), parseJson(text))).toBe(true);
          else expect(after.startsWith(text)).toBe(true);
          for (const comment of text.match(/(?:#|\/\/|\/\*) ours/g) ?? []) expect(after).toContain(comment);
          if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
        }
        // No new line that names one path closes another.
        const without = new Configurations(known, projectOf(files)).of(assistant);
        const after = new Configurations(known, projectOf(first)).of(assistant);
        const isDenied = (configuration: typeof after): boolean =>
          configuration.barriers('read').some((barrier) => barrier.decide({ path: 'src/other.ts' })?.effect === 'deny');
        expect(isDenied(after)).toBe(isDenied(without));
        expect(edit(first)).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });
});

test('a path that any of these names is closed where its syntax has words for it', () => {
  for (const id of ['claude-code', 'roo-code', 'gemini-cli', 'aider', 'kiro']) {
    const assistant = of(id);
    fc.assert(
      fc.property(path, (one) => {
        const files = { [one]: 'x' };
        const edits = editsOf({ assistant, known, paths: [one], project: projectOf(files, { untracked: [one] }) });
        const after = projectOf({
          ...files,
          ...Object.fromEntries(edits.map(({ file, after: text }) => [file, text])),
        });
        const barriers = new Configurations(known, after).of(assistant).barriers('read');
        const isClosed = barriers.some((barrier) => barrier.decide({ path: one })?.effect === 'deny');
        expect([id, one, isClosed]).toEqual([id, one, true]);
      }),
      { numRuns: 100 },
    );
  }
});
