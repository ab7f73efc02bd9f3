/**
 * The password of an HTTP Basic credential, the Base64 of `name:password`; `undefined` where it is none.
 * https://www.rfc-editor.org/rfc/rfc7617#section-2
 */
export function passwordOfBasic(credential: string): string | undefined {
  return /^[\x20-\x7e]*?:([\x20-\x7e]+)$/.exec(Buffer.from(credential, 'base64').toString('latin1'))?.[1];
}
