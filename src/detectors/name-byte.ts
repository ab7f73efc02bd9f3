/** Whether a byte may stand in a name, as code and configuration write them: `db.password`, `--api-key`, `$token`. */
export function isNameByte(byte: number): boolean {
  return (
    (byte >= 97 && byte <= 122) || // a-z
    (byte >= 65 && byte <= 90) || // A-Z
    (byte >= 48 && byte <= 57) || // 0-9
    byte === 95 || // _
    byte === 45 || // -
    byte === 46 || // .
    byte === 36 // $
  );
}
