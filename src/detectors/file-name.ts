import { credentialName } from '../core/credential-name.ts';
import type { Match } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import type { CompiledFileClass } from '../rules/compiled.ts';
import type { Detector } from './detector.ts';
import { classifyPath } from './file-class.ts';

/** Priority of a file finding: a credential that is found in its place says more. */
const PRIORITY = 5;
const ENV_RULE = 'committed-env-file';
const FILE_RULE = 'committed-credential-file';
/** Bytes of a file in which the first telling line is looked for. */
const LOOK = 65_536;

/**
 * Files that are credentials by their name: an environment file with values, a key, a kubeconfig.
 * Only where the whole file is new, since a change to an old one says nothing new of its being there.
 */
export const fileName: Detector = {
  name: 'file-name',
  anchors: () => [],
  prepare: () => () => undefined,
  inspect: (view, { files }) => fileMatches(view, files),
};

/** At most one match: the file as such, placed at its first telling line. */
export function fileMatches(view: View, classes: () => readonly CompiledFileClass[]): Match[] {
  const { chunk } = view;
  if (chunk.firstLine !== 1 || !(chunk.newFile || chunk.whole) || chunk.bytes.length === 0) return [];
  const found = classifyPath(chunk.origin.path, classes());
  if (found === undefined) return [];
  if (found.kind === 'env') return envMatch(view, found.title);
  if (found.kind === 'credential') return wholeMatch(view, found.title);
  if (found.kind === 'protected') return wholeMatch(view, found.title, true);
  return [];
}

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]{0,120})[ \t]*=[ \t]*(.*?)[ \t]*\r?$/;

/** An environment file counts once one of its values is more than a setting. */
function envMatch(view: View, title: string): Match[] {
  let at = 0;
  const last = Math.min(view.bytes.length, LOOK);
  while (at < last) {
    const end = view.lineEnd(at, LOOK);
    const line = view.latin1(at, Math.min(end, at + 1024));
    const parts = ASSIGNMENT.exec(line);
    const value = parts?.[2]?.replace(/^(["'])(.*)\1.*$/, '$2').replace(/\s+#.*$/, '') ?? '';
    if (parts?.[1] !== undefined && isTelling(parts[1], value)) {
      const from = line.indexOf(value, line.indexOf('='));
      const start = at + from;
      return [
        {
          ruleId: ENV_RULE,
          start,
          end: start + value.length,
          secret: view.utf8(start, start + value.length),
          evidence: [evidence('file-env', `${title} with values in it`)],
          guessable: true,
          about: 'file',
          name: parts[1],
          priority: PRIORITY,
        },
      ];
    }
    at = end + 1;
  }
  return [];
}

/** A credential's name with any value, or a value that is no switch, number, address or reference. */
function isTelling(name: string, value: string): boolean {
  if (value.length < 3 || /^(?:true|false|yes|no|on|off|null|none|undefined|[\d.:,-]+)$/i.test(value)) return false;
  if (/^[<[{$%#]|\$\{|\{\{|^(?:your|my|change|replace|insert|enter|xxx|todo|example|placeholder|dummy)/i.test(value))
    return false;
  const kind = credentialName(name);
  if (kind !== undefined && kind !== 'auth' && kind !== 'bare-key') return true;
  if (/^[a-z][a-z0-9+.-]*:\/\/[^\s@/]*:[^\s@]+@/i.test(value)) return true;
  return value.length >= 20 && /[0-9]/.test(value) && /[A-Za-z]/.test(value) && /^[\w+/=-]+$/.test(value);
}

function wholeMatch(view: View, title: string, isProtected = false): Match[] {
  // Certificates and public keys go by the same names as private ones.
  const head = view.latin1(0, 4096);
  if (
    /-----BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY|PGP PUBLIC)|^ssh-/.test(head) &&
    !head.includes('PRIVATE KEY')
  )
    return [];
  const end = Math.max(1, view.lineEnd(0, 256));
  return [
    {
      ruleId: FILE_RULE,
      start: 0,
      end,
      secret: view.utf8(0, end),
      evidence: [
        evidence('file-credential', title),
        ...(isProtected ? [evidence('file-protected', 'a passphrase protects its content')] : []),
      ],
      guessable: true,
      about: 'file',
      priority: PRIORITY,
    },
  ];
}
