import type { View } from '../core/view.ts';

/** How a file writes values that stand without quotes. */
export type FileFormat = 'env' | 'ini' | 'yaml' | 'shell' | 'text' | 'markup' | 'json' | 'code';

/** Extensions, each with a space on either side. */
const EXTENSIONS: readonly (readonly [FileFormat, string])[] = [
  ['env', ' env envrc vars flaskenv '],
  [
    'ini',
    ' ini cfg conf cnf config properties props rsp npmrc pypirc netrc service desktop s3cfg boto my editorconfig cf reg inf prefs pgpass credentials msmtprc fetchmailrc secrets ldif ',
  ],
  ['yaml', ' yml yaml eyaml sls raml '],
  [
    'shell',
    ' sh bash zsh fish ksh dockerfile containerfile bat cmd mk makefile command history profile bashrc zshrc bash_history zsh_history ',
  ],
  ['text', ' md markdown rst txt adoc asciidoc log text mdx org csv tsv http rest me readme notes patch diff '],
  ['markup', ' xml html htm xhtml config.xml csproj plist svg xaml jelly pom resx settings web '],
  ['json', ' json json5 jsonc jsonl ndjson ipynb tfstate har webmanifest avsc '],
];

let lastName: string | undefined;
let lastFormat: FileFormat = 'code';

/** The format that a chunk's file name stands for; `code` where nothing is known of the extension, `text` where there is none. */
export function formatOf({ fileName }: View): FileFormat {
  // The parts of a file come one after the other, and what stands in one is asked for often.
  if (fileName !== lastName) {
    lastFormat = formatOfName(fileName);
    lastName = fileName;
  }
  return lastFormat;
}

/** @param fileName in lower case, without folders */
export function formatOfName(fileName: string): FileFormat {
  const name = fileName
    .replace(/\.(?:example|sample|template|tmpl|tpl|dist|bak|old|orig|j2|erb|default|local|ctmpl)$/, '')
    .replace(/~$/, '');
  if (/^\.?env(?:$|[._-])/.test(name) || /^\.(?:dev\.vars|flaskenv|envrc)/.test(name)) return 'env';
  if (/^(?:dockerfile|containerfile|makefile|gnumakefile|jenkinsfile)\b/.test(name)) return 'shell';
  const dot = name.lastIndexOf('.');
  if (dot < 0) return 'text';
  const extension = ` ${name.slice(dot + 1)} `;
  return EXTENSIONS.find(([, extensions]) => extensions.includes(extension))?.[0] ?? 'code';
}
