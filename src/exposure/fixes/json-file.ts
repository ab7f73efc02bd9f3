import { applyEdits, modify, parseTree, type JSONPath, type ParseError } from 'jsonc-parser';
import type { Project } from '../settings/project.ts';
import { fieldsOf } from '../settings/rule-lists.ts';
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
    return node && valueOf(node);
  }

  /** Sets a value where there is none. */
  set(path: JSONPath, value: unknown): void {
    if (this.isBroken || this.at(path) !== undefined || !this.#leadsTo(path)) return;
    this.#modify(path, value, false);
  }

  /** Puts values behind those of a list, which is made where there is none. */
  push(path: JSONPath, values: readonly unknown[]): void {
    if (this.isBroken || values.length === 0) return;
    const list = this.at(path);
    if (list === undefined) this.set(path, values);
    else if (Array.isArray(list)) {
      for (const [index, value] of values.entries()) this.#modify([...path, list.length + index], value, true);
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
      return (
        value === undefined ||
        Object.keys(fieldsOf(value)).length > 0 ||
        (typeof value === 'object' && value !== null && !Array.isArray(value))
      );
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

function valueOf(node: {
  readonly type: string;
  readonly value?: unknown;
  readonly children?: readonly unknown[];
}): unknown {
  if (node.type === 'array') return node.children ?? [];
  return node.type === 'object' ? {} : node.value;
}

function indentOf(text: string): { readonly tabSize: number; readonly insertSpaces: boolean } {
  const first = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return { tabSize: first.startsWith('\t') ? 1 : Math.min(8, first.length), insertSpaces: !first.startsWith('\t') };
}
