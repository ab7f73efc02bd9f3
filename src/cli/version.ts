declare const __KEEPMUM_VERSION__: string | undefined;

/** The package's version; the build puts it in. */
export const version: string = typeof __KEEPMUM_VERSION__ === 'string' ? __KEEPMUM_VERSION__ : '0.0.0-source';
