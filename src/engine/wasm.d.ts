declare module '#byte-loops' {
  /** The module compiled from `src/wasm/byte-loops.ts`. */
  export const wasm: Uint8Array<ArrayBuffer>;
}

/** What is used of https://webassembly.github.io/spec/js-api/, for which TypeScript has types with those of a browser alone. */
declare namespace WebAssembly {
  /** Opaque. */
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  const Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  class Instance {
    constructor(module: Module);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    /** @param pages of 64 KiB, to add */
    grow(pages: number): number;
  }
}
