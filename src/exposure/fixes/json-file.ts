import { applyEdits, getNodeValue, modify, parseTree, type JSONPath, type ParseError } from 'jsonc-parser';
import type { Project } from '../settings/project.ts';
import type { Edit } from './plan.ts';

/** A settings file in JSON, with or without comments, that is added to; what is there stays as it is written. */
export class JsonFile {
  readonly #file: string;
  readonly #before: string;
  #text: string;
  readonly isBroken: boolean;

  constructor(file: string, project: Pick<Project, 'read'>) {
    const read = project.read(file);
    this.#file = file;
    this.#before = read === undefined || 'trouble' in read ? '' : read.text;
    this.#text = this.#before.trim() === '' ? '{}\n' : this.#before;
    const errors: ParseError[] = [];
    const tree = parseTree(this.#text, errors, { allowTrailingComma: true });
    this.isBroken = (read !== undefined && 'trouble' in read) || errors.length > 0 || tree?.type !== 'object';
  }

  /** What stands at a path; nothing where something else than an object or a list stands on the way. */
  at(path: JSONPath): unknown {
    const errors: ParseError[] = [];
    const tree = parseTree(this.#text, errors, { allowTrailingComma: true });
    let node = tree;
    for (const part of path) {
      node =
        typeof part === 'number'
          ? node?.children?.[part]
          : node?.children?.find((property) => property.children?.[0]?.value === part)?.children?.[1];
    }
    return node && getNodeValue(node);
  }

  /** Sets a value where there is none. */
  set(path: JSONPath, value: unknown): void {
    if (this.isBroken || this.at(path) !== undefined || !this.#leadsTo(path)) return;
    this.#modify(path, value, false);
  }

  /** Puts values that a list has not yet behind its own, or before them; makes the list where there is none. */
  push(path: JSONPath, values: readonly unknown[], where: 'behind' | 'before' = 'behind'): void {
    if (this.isBroken) return;
    const list = this.at(path);
    const held = new Set(Array.isArray(list) ? list.map((one) => JSON.stringify(one)) : []);
    const added = values.filter((value) => !held.has(JSON.stringify(value)));
    if (added.length === 0) return;
    if (list === undefined) this.set(path, added);
    else if (Array.isArray(list)) {
      const start = where === 'before' ? 0 : list.length;
      for (const [index, value] of added.entries()) this.#modify([...path, start + index], value, true);
    }
  }

  /** The file as it should be, where that is another. */
  edits(): readonly Edit[] {
    return this.isBroken || this.#text === this.#before || (this.#before === '' && this.#text === '{}\n')
      ? []
      : [{ file: this.#file, after: this.#text }];
  }

  /** Nothing but objects stands on the way, or nothing yet. */
  #leadsTo(path: JSONPath): boolean {
    return path.every((_, length) => {
      if (length === 0) return true;
      const value = this.at(path.slice(0, length));
      return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
    });
  }

  #modify(path: JSONPath, value: unknown, isArrayInsertion: boolean): void {
    const edits = modify(this.#text, path, value, {
      formattingOptions: { ...indentOf(this.#text), eol: this.#text.includes('\r\n') ? '\r\n' : '\n' },
      isArrayInsertion,
    });
    this.#text = applyEdits(this.#text, edits);
  }
}

function indentOf(text: string): { readonly tabSize: number; readonly insertSpaces: boolean } {
  const first = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return { tabSize: first.startsWith('\t') ? 1 : Math.min(8, first.length), insertSpaces: !first.startsWith('\t') };
}
