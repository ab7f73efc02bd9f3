/**
 * The password of an HTTP Basic credential, the Base64 of `name:password`; `undefined` where it is none.
 * https://www.rfc-editor.org/rfc/rfc7617#section-2
 */
export function passwordOfBasic(credential: string): string | undefined {
  const bytes = Buffer.from(credential, 'base64');
  // Letters of other scripts come as UTF-8 or as Latin-1.
  return passwordOf(bytes.toString()) ?? passwordOf(bytes.toString('latin1'));
}

/** `echo user:password | base64` takes the end of the line in. */
function passwordOf(pair: string): string | undefined {
  // Made where it is used, since to compile a set of Unicode takes a quarter of a millisecond.
  return /^[^\p{C}\ufffd:]*:([^\p{C}\ufffd]+)(?:\r?\n)?$/u.exec(pair)?.[1];
}
