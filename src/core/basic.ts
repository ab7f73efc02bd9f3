/**
 * The password of an HTTP Basic credential, the Base64 of `name:password`; `undefined` where it is none.
 * https://www.rfc-editor.org/rfc/rfc7617#section-2
 */
export function passwordOfBasic(credential: string): string | undefined {
  const bytes = Buffer.from(credential, 'base64');
  return PAIR.exec(bytes.toString())?.[1] ?? PAIR.exec(bytes.toString('latin1'))?.[1];
}

/** Letters of other scripts come as UTF-8 or as Latin-1. `echo user:password | base64` takes the end of the line in. */
const PAIR = /^[^\p{C}\ufffd:]*:([^\p{C}\ufffd]+)(?:\r?\n)?$/u;
