import { isClientExposed, isSampleName, type NameKind } from '../../core/credential-name.ts';
import { firstAt } from '../../core/first-at.ts';
import type { View } from '../../core/view.ts';
import type { WeightName } from '../../core/weights.ts';
import { seen, type Observe, type Seen } from './evidence.ts';

const OF_KIND: Readonly<Record<NameKind, readonly [WeightName, string]>> = {
  password: ['name-password', 'given to a name that means a password'],
  secret: ['name-secret', 'given to a name that means a secret'],
  'api-key': ['name-api-key', 'given to a name that means a secret key'],
  token: ['name-token', 'given to a name that means a token'],
  key: ['name-key', 'given to a name that means some access key'],
  auth: ['name-auth', 'given to a name that has to do with signing in'],
  'bare-key': ['name-bare-key', 'given to a name that means some key'],
};

/** What {@link named} may see, and how much of it. */
export const MOST_NAMED: Readonly<Partial<Record<WeightName, number>>> = {
  ...Object.fromEntries(Object.values(OF_KIND).map(([weight]) => [weight, 1])),
  'name-public': 1,
  'name-sample': 1,
};

/** What the name says that the value is given. */
export const named: Observe = ({ kind, match, before }) => {
  if (kind === undefined || match.name === undefined) return undefined;
  if (/\w::\w+["']?[ \t]{0,4}[:=][ \t]{0,4}["']?$/.test(before))
    return seen('value-type', 'given to the name of a type');
  const [weight, text] = OF_KIND[kind];
  const more: Seen[] = [];
  if (isClientExposed(match.name)) more.push(seen('name-public', 'the name ships it to every visitor of the page'));
  if (isSampleName(match.name)) more.push(seen('name-sample', 'the name says that it is for a test or a sample'));
  return [seen(weight, text), ...more];
};

/** A mapping of YAML: in a file of Python it stands in a docstring. */
const YAML_KEY = /^[ \t]*(?:-[ \t]+)?[A-Za-z_][\w-]*:[ \t]+["']?$/;

/** Where code is explained, values are samples more often than in the code itself. */
export const commented: Observe = ({ before, after, rule, nature, match, view }) => {
  if (rule.pattern !== undefined || nature === 'block') return undefined;
  if (YAML_KEY.test(before) && /^["']?[ \t]*\r?$/.test(after) && view.chunk.origin.path.endsWith('.py')) {
    return seen('place-comment', 'in a docstring');
  }
  if (view.chunk.whole && view.fileName.endsWith('.py') && isInDocstring(view, match.start))
    return seen('place-comment', 'in a docstring');
  return /^[ \t]*(?:\/\/|\/\*|\*|#(?!\{)|--|>>>|\.\.\. |;|<!--|%|""")/.test(before)
    ? seen('place-comment', 'in a comment')
    : undefined;
};

/** Where `"""` stands in a text, in bytes. */
const quotesOf = new WeakMap<View, readonly number[]>();

/** Whether an odd number of `"""` stands before `offset`, in bytes, and the text they open is no value. */
function isInDocstring(view: View, offset: number): boolean {
  const quotes = quotesOf.get(view) ?? quotesIn(view);
  const before = firstAt(quotes, (quote) => quote >= offset);
  if (before % 2 === 0) return false;
  // `KEY = """` holds a value.
  const opened = quotes[before - 1] ?? 0;
  return /^[ \t]*[rRbBuU]{0,2}$/.test(view.latin1(view.lineStart(opened), opened));
}

function quotesIn(view: View): readonly number[] {
  const found: number[] = [];
  for (let at = view.bytes.indexOf('"""'); at >= 0; at = view.bytes.indexOf('"""', at + 3)) found.push(at);
  quotesOf.set(view, found);
  return found;
}

/** What the rule's own pattern says; without one, what the way in which the value was met says. */
export const shaped: Observe = ({ rule, assigned }) => {
  if (rule.pattern === undefined) {
    return assigned
      ? seen('base-assignment', 'how often a literal that is given to such a name is a credential')
      : undefined;
  }
  if (rule.class === 'identifier-pair') {
    return [
      seen('shape-high', 'a prefix or structure that nothing else has'),
      seen('value-half', 'names an account; its secret half is what counts'),
    ];
  }
  if (rule.distinctiveness === 'high') return seen('shape-high', 'a prefix or structure that nothing else has');
  return rule.distinctiveness === 'medium'
    ? seen('shape-medium', 'prefix and length fit')
    : seen('shape-low', 'length, characters and words around it fit');
};
