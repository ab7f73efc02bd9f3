import type { View } from '../core/view.ts';
import type { Suppressor } from './suppressor.ts';

const OWN = /keepmum:allow\b(?:[ \t]+([a-z0-9]+(?:-[a-z0-9]+)+)\b)?[ \t]*(.*)$/;
/** What other scanners understand on the line of the finding. */
const FOREIGN =
  /\b(?:gitleaks:allow|betterleaks:allow|pragma: ?(?:allowlist|whitelist) secret|trufflehog:ignore|kingfisher:ignore|secretlint-disable-line)\b/;
/** The same for the line after it. */
const FOREIGN_NEXT = /\b(?:pragma: ?(?:allowlist|whitelist) nextline secret|secretlint-disable-next-line)\b/;
/** A comment and nothing else: code behind the end of one speaks for its own line only. */
const COMMENT_ONLY =
  /^\s*(?:(?:\/\/|#|--|;|%|').*|(?:\/\*|\*)(?:(?!\*\/).)*(?:\*\/\s*)?|<!--(?:(?!-->).)*(?:-->\s*)?)$/;
const REACH = 4096;

/** A comment on the finding's line, or on a line of its own before it, or a block that another one began. */
export const inlineComment: Suppressor = {
  name: 'inline-comment',
  suppress(match, finding, view) {
    const start = view.lineStart(match.start, REACH);
    const line = view.utf8(start, match.start) + view.utf8(match.end, view.lineEnd(match.end, REACH));
    const before = start > 0 ? view.utf8(view.lineStart(start - 1, REACH), start - 1) : '';
    const own = OWN.exec(line) ?? (COMMENT_ONLY.test(before) ? OWN.exec(before) : null);
    if (own !== null && (own[1] === undefined || own[1] === finding.rule)) {
      const reason = own[2]?.replace(/\s*(?:\*\/|-->)\s*$/, '').trim() ?? '';
      return { by: 'inline-comment', where: 'keepmum:allow', ...(reason !== '' && { reason }) };
    }
    const foreign = FOREIGN.exec(line) ?? FOREIGN_NEXT.exec(before);
    if (foreign !== null) return { by: 'foreign', where: foreign[0] };
    return isDisabled(view, match.start) ? { by: 'foreign', where: 'secretlint-disable' } : undefined;
  },
};

const BLOCK = /\bsecretlint-(disable|enable)\b(?!-)/g;

/** For each text, the offsets at which `secretlint-disable` and `secretlint-enable` take turns. */
const switches = new WeakMap<View, readonly { readonly at: number; readonly off: boolean }[]>();

/** `secretlint-disable` stands before, and no `secretlint-enable` after it. */
function isDisabled(view: View, offset: number): boolean {
  let list = switches.get(view);
  if (list === undefined) {
    list = view.bytes.includes('secretlint-disable')
      ? [...view.latin1(0, view.bytes.length).matchAll(BLOCK)].map(({ index, 1: word }) => ({
          at: index,
          off: word === 'disable',
        }))
      : [];
    switches.set(view, list);
  }
  return list.findLast(({ at }) => at < offset)?.off ?? false;
}
