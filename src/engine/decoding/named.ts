import { isMachineMade } from '../../core/entropy.ts';
import type { Match } from '../../core/finding.ts';
import type { View } from '../../core/view.ts';
import { evidence } from '../../core/weights.ts';
import { isSecretData } from './kubernetes.ts';

/** Longest value that is decoded, in UTF-16 units. */
const LONGEST = 2048;
/** Characters of Base64 and of hexadecimal that are no readable text by chance, where nothing says that they encode one. */
const LEAST_BASE64 = 12;
const LEAST_HEX = 24;

/**
 * A match whose value, given to a name, is an encoded one: the decoded value is what counts. Only where that
 * reads like one; a file or a structure that is encoded is looked into instead.
 */
export function withValueDecoded(match: Match, view: View): Match {
  const { name, secret } = match;
  if (name === undefined || name === 'Authorization' || match.proof !== undefined || secret.length > LONGEST)
    return match;
  const decoded = valueOf(match, view);
  if (decoded === undefined) return match;
  const login = /^(?:[\w.-]*[^A-Za-z])?(?:auth|authorization|credentials?|basic)$/i.test(name)
    ? LOGIN.exec(decoded.value)
    : null;
  const [value, account] = login === null ? [decoded.value, match.account] : [login[2] ?? '', login[1] ?? ''];
  return {
    ...match,
    ...(account !== undefined && { account }),
    secret: value,
    written: secret,
    guessable: !isMachineMade(value),
    evidence: [...match.evidence, evidence('value-decoded', `decoded from ${decoded.encoding}`)],
  };
}

/** A name and a password, as of HTTP Basic. */
const LOGIN = /^([^\s:]{1,80}):(\S{3,})$/;

function valueOf(match: Match, view: View): { readonly value: string; readonly encoding: string } | undefined {
  const { name = '', secret, start } = match;
  if (/^[A-Za-z0-9+/_-]{4,}={0,2}$/.test(secret)) {
    const value = textOf(fromBase64(secret));
    if (value !== undefined) {
      const isSure = (secret.length >= LEAST_BASE64 || secret.endsWith('=')) && isPlain(value);
      if (isSure || (/^[^\r\n]+$/.test(value) && saysBase64(name, view, start))) return { value, encoding: 'Base64' };
    }
  }
  if (/^(?:[0-9a-f]{2}){4,}$|^(?:[0-9A-F]{2}){4,}$/.test(secret)) {
    const value = textOf(Buffer.from(secret, 'hex'));
    if (value !== undefined && isPlain(value) && (secret.length >= LEAST_HEX || /hex/i.test(name))) {
      return { value, encoding: 'hexadecimal' };
    }
  }
  return undefined;
}

/** Whether what stands around a value says that it is encoded. */
function saysBase64(name: string, view: View, start: number): boolean {
  return /(?:b|base)_?64/i.test(name) || DECODES.test(view.latin1(start - 60, start)) || isSecretData(view, start);
}

/** Functions that decode what they are given. */
const DECODES =
  /(?:\batob|b64_?decode|base64_?decode|decode_?(?:base_?)?64|FromBase64String|Base64(?:\.\w+)*?\.\w*decode\w*|base64decode)[ \t]{0,2}\([ \t]{0,2}[brub]?["'`]$/i;

/** Printable, and not the beginning of a structure. */
function isPlain(value: string): boolean {
  return /^[\x21-\x7e]{3,}$/.test(value) && !/^[{[<]/.test(value);
}

/** What Base64 of either alphabet stands for, if it is what an encoder would have written. */
function fromBase64(text: string): Buffer | undefined {
  if (text.endsWith('=') && text.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const bare = text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  return bytes.toString('base64').replace(/=+$/, '') === bare ? bytes : undefined;
}

/** UTF-8 without control characters; a line end that `echo` has left behind is no part of it. */
function textOf(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const text = bytes.toString('utf8').replace(/\r?\n$/, '');
  return text.length >= 3 && !/[^\P{Cc}\t\r\n]|\ufffd/u.test(text) ? text : undefined;
}
