/** One element of a document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

/** https://www.w3.org/TR/xml/#charsets */
const CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const TAG = /<(\/?)([A-Za-z_][\w.-]*)((?:\s+[A-Za-z_][\w.-]*="[^"<]*")*)\s*(\/?)>/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads elements, attributes and text, as a strict parser does; nothing else may be in the document. @throws on anything not well-formed */
export function parseXml(document: string): XmlElement {
  if (!CHARACTERS.test(document)) throw new Error('a character that XML forbids');
  const prolog = '<?xml version="1.0" encoding="UTF-8"?>';
  if (!document.startsWith(prolog)) throw new Error('no prolog');
  interface Open {
    name: string;
    attributes: Record<string, string>;
    children: XmlElement[];
    text: string;
  }
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack: Open[] = [top];
  let at = prolog.length;
  while (at < document.length) {
    const next = document.indexOf('<', at);
    const end = next < 0 ? document.length : next;
    const text = document.slice(at, end);
    if (text.includes(']]>')) throw new Error(']]> in text');
    const current = stack.at(-1);
    if (current === undefined) throw new Error('text after the end');
    current.text += decoded(text);
    at = end;
    if (next < 0) break;
    TAG.lastIndex = next;
    const tag = TAG.exec(document);
    if (tag === null) throw new Error(`not a tag: ${document.slice(next, next + 60)}`);
    at = TAG.lastIndex;
    const [, close, name = '', list = '', empty] = tag;
    if (close === '/') {
      const done = stack.pop();
      if (done?.name !== name) throw new Error(`</${name}> closes <${done?.name}>`);
      stack.at(-1)?.children.push(done);
      continue;
    }
    const attributes: Record<string, string> = {};
    for (const [, key = '', value = ''] of list.matchAll(/([A-Za-z_][\w.-]*)="([^"]*)"/g)) {
      if (key in attributes) throw new Error(`${key} twice`);
      attributes[key] = decoded(value);
    }
    const element: Open = { name, attributes, children: [], text: '' };
    if (empty === '/') current.children.push(element);
    else stack.push(element);
  }
  const [root, ...more] = top.children;
  if (stack.length !== 1 || root === undefined || more.length > 0 || top.text.trim() !== '')
    throw new Error('not one root element');
  return root;
}

function decoded(text: string): string {
  return text.replace(/&([^;&]*);?/g, (reference, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined || !reference.endsWith(';')) throw new Error(`not an entity: ${reference}`);
    return character;
  });
}
