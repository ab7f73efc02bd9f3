import type { View } from '../core/view.ts';

/** What the literals of a language do that those of others do not. */
export interface Dialect {
  /** Literals beside each other are one: with white space between them (C, Python), or with none (shells). */
  readonly adjacent: 'spaced' | 'tight' | 'never';
  /** Quotes that are written twice to stand in a literal once. */
  readonly doubled: string;
  /** `||` joins literals; elsewhere it is a choice. */
  readonly pipes: boolean;
  /** `q(…)` is a literal. */
  readonly perl: boolean;
}

export const PLAIN: Dialect = { adjacent: 'never', doubled: '', pipes: false, perl: false };

/** By extension, each with a space on either side. */
const DIALECTS: readonly (readonly [extensions: string, dialect: Partial<Dialect>])[] = [
  [' py pyi pyw pyx ipynb c cc cpp cxx h hh hpp hxx ino m mm d rb rake gemspec ', { adjacent: 'spaced' }],
  [' sh bash zsh ksh profile bashrc zshrc ', { adjacent: 'tight' }],
  [' sql psql pgsql plsql ddl ora ', { doubled: "'", pipes: true }],
  [' yml yaml eyaml pas dpr adb ', { doubled: "'" }],
  [' vb vbs bas csv tsv ', { doubled: '"' }],
  [' ps1 psm1 psd1 ', { doubled: `"'` }],
  [' pl pm t cgi ', { perl: true }],
];

let lastName: string | undefined;
let lastDialect = PLAIN;

/** The dialect that a chunk's file name stands for. */
export function dialectOf({ fileName }: View): Dialect {
  if (fileName !== lastName) {
    lastName = fileName;
    lastDialect = dialectOfName(fileName);
  }
  return lastDialect;
}

function dialectOfName(fileName: string): Dialect {
  const extension = ` ${fileName.slice(fileName.lastIndexOf('.') + 1)} `;
  const found = DIALECTS.find(([extensions]) => extensions.includes(extension))?.[1];
  return found === undefined ? PLAIN : { ...PLAIN, ...found };
}
