import fitted from '#weights' with { type: 'json' };
import type { Evidence } from './finding.ts';

/**
 * What each piece of evidence is taken to weigh before anything is measured, as log-odds of "a real
 * credential": 0 says nothing, 2 is about seven to one, −2 about one to seven. What it weighs in fact is
 * fitted to labelled text (`npm run bench:accuracy -- --fit`) and stands in `patterns/weights.json`; where
 * that says little of it, it stays near this. `engine/verdict.ts` adds up.
 */
export const PRIORS = {
  // The rule.
  'base-assignment': 0, // a literal given to a name that means a credential
  'shape-high': 4, // a provider's prefix or structure that nothing else has
  'shape-medium': 1.5, // a prefix and a length, which chance can meet
  'shape-low': 0.5, // a length and an alphabet beside a word
  'key-block': 3, // a whole private key
  'key-encrypted': -2, // a passphrase protects it
  'key-cut': -0.7, // its end is not in sight
  'key-part': -1, // shortened for a sample
  'connection-password': 2.5, // a password inside a connection string
  'proof-passed': 6, // checksum or structure
  'proof-failed': -0.5, // the same does not hold, where that says little
  'token-unsigned': -3, // a token that nobody vouches for
  'token-toy': -0.2, // made to show how tokens look: it says nothing of an issuer, an audience or an end
  paired: 2, // what belongs to it stands near

  // The name.
  'name-password': 1.8,
  'name-secret': 1.4,
  'name-api-key': 1.4,
  'name-token': 0.8,
  'name-key': -0.2, // some other key: access key, account key
  'name-auth': 0, // auth, credentials: often a mode or a structure
  'name-bare-key': -1.6, // `key` alone is nearly always a lookup key
  'name-known': 1.4, // a name that a provider's documentation gives to this credential
  'name-public': 0.8, // ships to every visitor: worse when it is a secret, likelier to be public by design
  'name-sample': -0.5, // testToken, expectedPassword

  // How it is written.
  'syntax-header': 1.5, // Authorization: Bearer …
  'syntax-call': -0.6, // setPassword("x"): also how a form field is filled
  'syntax-compare': -0.6, // password == "x"
  'syntax-pair': -1, // f("password", "x")
  'syntax-flag': -0.2, // --password x
  'syntax-inner': -0.7, // name=value inside another string
  'syntax-joined': 0.3, // "abc" + "def"
  'syntax-argument': -0.3, // login("user", "x")
  'syntax-column': -0.3, // a table's column
  'syntax-nameless': -2.2, // no name, only a quoted or assigned run
  'line-speaks': 1.2, // secret, token, API key on the same line

  // The value.
  'value-decoded': 0.3, // Base64 and the like: nobody encodes what is no matter, but machines do
  'value-characters': 1, // of `part-…`, together
  'part-upper': 0,
  'part-lower': 0,
  'part-digit': 0.3,
  'part-symbol': 0,
  'part-underscore': 0,
  'part-dash': 0,
  'part-dot': -0.5,
  'part-slash': -0.5,
  'part-colon': -0.5,
  'part-dollar': -0.5,
  'part-at': 0,
  'part-bracket': -0.5,
  'part-says-pass': -0.5,
  'part-says-secret': -0.5,
  'part-says-sample': -0.5,
  'part-says-change': -0.3,
  'part-length': 0, // for 20 characters
  'part-log-length': 0, // its logarithm to the base 2, for each 4 (evidence/characters.ts)
  'value-random': 0.8, // for each unit of core/entropy.ts' randomness
  'value-code': -5, // holds operators or calls
  'value-test-word': -1.5, // test, demo, foo as a word of its own
  'value-password-like': 1, // several kinds of characters, as password rules ask for
  'value-plain-word': -0.6, // a password made of letters only
  'value-short': -1.5, // a few characters
  'value-leet': -0.3, // s3cr3t, g0ph3r
  'value-mashed': -1.5, // keys beaten at random
  'value-fixture': -0.3, // again and again in one file of tests or samples
  'value-encoded': -0.3, // percent signs, as in an address
  'value-short-lived': -0.3, // ends by itself within hours or days
  'value-no-basic': -0.5, // behind `Basic`, and not the Base64 of a name and a password
  'value-weak': -1.9, // password, secret, admin …
  'value-weak-code': -1.9, // the same, or changeme, in a program
  'value-default': -4, // changeme
  'value-names-itself': -3, // the name once more
  'value-placeholder': -15, // the whole value is a placeholder
  'value-marked': -3, // it holds a placeholder word
  'value-template': -15, // ${…}, {{…}}
  'value-lookup': -15, // process.env.X, vault:…
  'value-published': -15, // a documented example
  'value-public': -15, // public by design, by what it says of itself
  'value-expired': 0, // it has ended: lowers the severity, and is a credential all the same
  'value-ciphertext': -15, // encrypted, harmless by itself
  'value-repeats': -4, // xxxx, 0000, abcdef
  'value-identifier': -3.5, // reads like an identifier
  'value-prose': -5, // reads like a sentence
  'value-same-as-user': -1.5, // postgres:postgres
  'value-place': -5, // a path, a URL without a password, a host name, an e-mail address
  'value-type': -6, // string, required, true
  'value-number': -1, // digits only
  'value-uuid': -3, // an identifier more often than not
  'value-half': -3, // the half of a pair that is no secret by itself
  'value-among-many': -6, // tables of digests, test vectors
  'value-vector': -15, // a secret that a key exchange derives, in hex: a test vector
  'value-hash': -3, // the context says it is a digest
  'value-password-hash': -5, // bcrypt and the like
  'value-alphabet': -3, // the digits of an encoding
  'value-text': -3, // encoded text, not random bytes
  'value-public-key': -12, // certificates, ssh-rsa …

  // The place.
  'place-test': -1, // tests and fixtures
  'place-docs': -0.8, // documentation and examples
  'place-comment': -1.5, // in a comment of code
  'place-ci': -0.3, // what a build sets up and throws away
  'place-template': -3, // .env.example
  'place-lockfile': -6, // lock files and checksum lists
  'place-generated': -3, // minified, bundled, source maps
  'place-vendored': -2, // third-party code
  'place-local': -1.2, // localhost, 127.0.0.1, a compose service
  'file-env': 3, // an environment file with values, committed
  'file-credential': 2.5, // a file that is a credential by its name
  'file-protected': -1.5, // a passphrase protects its content
  'place-example-host': -2, // example.com, host
  'place-env-file': 0.8, // a committed .env
  'place-translation': -2.5, // user-interface texts
} as const;

export type WeightName = keyof typeof PRIORS;

/** Least sums of fitted weights for each confidence. */
export const THRESHOLDS: { readonly likely: number; readonly possible: number } = fitted;

const FITTED: Readonly<Partial<Record<WeightName, number>>> = fitted.weights;

/**
 * What one piece of evidence weighs where a literal is given to a name: of these labelled text has many.
 * Of the rest it has few, and a rule's own pattern says more: there, priors count.
 */
export function weightOf(name: WeightName): number {
  return FITTED[name] ?? PRIORS[name];
}

/** What it weighs for a rule with a pattern. */
export function priorOf(name: WeightName): number {
  return PRIORS[name];
}

/** A piece of evidence with the weight of the table. */
export function evidence(name: WeightName, text: string): Evidence {
  return { evidence: name, weight: weightOf(name), text };
}
