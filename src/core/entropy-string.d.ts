declare module 'entropy-string' {
  /** An alphabet of 2, 4, 8, 16, 32 or 64 distinct characters. */
  export class CharSet {
    constructor(chars: string);
    readonly chars: string;
    readonly bitsPerChar: number;
    readonly length: number;
    bytesNeeded(bits: number): number;
  }
  export class Entropy {
    constructor(parameters?: { bits?: number; charset?: CharSet | string; prng?: boolean });
    string(bits?: number, charset?: CharSet): string;
    stringWithBytes(bytes: Uint8Array, bits?: number, charset?: CharSet): string;
  }
  export const charset2: CharSet;
  export const charset4: CharSet;
  export const charset8: CharSet;
  export const charset16: CharSet;
  export const charset32: CharSet;
  export const charset64: CharSet;
}
