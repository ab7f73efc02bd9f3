import type { View } from '../../core/view.ts';
import type { WeightName } from '../../core/weights.ts';
import { seen, type Observe, type Seen } from './evidence.ts';

/** What the path says. */
export const placed: Observe = ({ view, rule, match }) => {
  let found = placeOf(view.chunk.origin.path);
  if (view.fileName.endsWith('.rs') && !found.some(({ evidence }) => evidence === 'place-test')) {
    if (isInTests(view, match.start)) found = [...found, seen('place-test', 'a test in the file of what it tests')];
  }
  // A shape that nothing else has is a credential wherever it stands: a bundle ships it to every visitor,
  // a lock file holds it in an address.
  return rule.pattern !== undefined && rule.distinctiveness === 'high'
    ? found.filter(({ evidence: name }) => !RANDOM_PLACES.has(name))
    : found;
};

/** https://doc.rust-lang.org/book/ch11-03-test-organization.html#the-tests-module-and-cfgtest */
const TESTS_OF_RUST =
  /^[ \t]*#\[cfg\(test\)\]\s{1,80}(?:#\[[^\]\n]{0,200}\]\s{1,80})?(?:pub(?:\([\w: ]{1,40}\))? )?mod \w+ \{/m;
const testsOf = new WeakMap<View, number>();

/** Whether `offset`, in bytes, is behind the start of a module of tests, which is the last of its file. */
function isInTests(view: View, offset: number): boolean {
  let start = testsOf.get(view);
  if (start === undefined) {
    const mark = view.bytes.indexOf('#[cfg(test)]');
    const found = mark < 0 ? -1 : view.latin1(mark, view.bytes.length).search(TESTS_OF_RUST);
    start = found < 0 ? Infinity : mark + found;
    testsOf.set(view, start);
  }
  return offset > start;
}

/** Places that speak against a value only because they are full of random ones. */
const RANDOM_PLACES: ReadonlySet<string> = new Set(['place-lockfile', 'place-generated', 'place-vendored']);

const LOCK_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|composer\.lock|gemfile\.lock|cargo\.lock|poetry\.lock|pdm\.lock|uv\.lock|pipfile\.lock|go\.sum|flake\.lock|podfile\.lock|mix\.lock|pubspec\.lock|packages\.lock\.json|deno\.lock|gradle\.lockfile|\.terraform\.lock\.hcl|\.cargo-checksum\.json|shasums\w*|[^/]*\.(?:sha1|sha256|sha512|md5|sum))$/;

const CI_FILE =
  /(?:^|\/)(?:\.(?:github|gitea|forgejo)\/(?:workflows|actions)\/|\.circleci\/|\.buildkite\/|\.gitlab-ci|\.travis\.ya?ml$|\.drone\.ya?ml$|\.?appveyor\.ya?ml$|azure-pipelines|bitbucket-pipelines\.yml$|jenkinsfile|(?:create|gen|generate|make|mk)[-_]?(?:[a-z]{2,8}[-_])?(?:certs?|certificates?|keys?|ca|ssl|tls)[^/]*\.(?:sh|bat|ps1)$)/;

/** Whether a file is of a kind. @param path relative to the repository, with `/` */
export function isPlace(path: string, place: WeightName): boolean {
  return placeOf(path).some(({ evidence }) => evidence === place);
}

let lastPath: string | undefined;
let lastFound: readonly Seen[] = [];

/** The same for every candidate of a file, and the parts of a file come one after the other. */
function placeOf(path: string): readonly Seen[] {
  if (path !== lastPath) {
    lastFound = placesOf(path);
    lastPath = path;
  }
  return lastFound;
}

function placesOf(path: string): readonly Seen[] {
  const lower = path.toLowerCase();
  if (LOCK_FILE.test(lower)) return [seen('place-lockfile', 'a lock file or list of checksums')];
  const found: Seen[] = [];
  if (
    /(?:\.min\.(?:js|css|mjs)|\.bundle\.js|\.map|\.snap\.js)$|(?:^|\/)(?:dist|build)\/.*\.js$|\.(?:pb\.go|g\.dart|designer\.cs)$/.test(
      lower,
    )
  ) {
    found.push(seen('place-generated', 'a generated file'));
  }
  if (/(?:^|\/)(?:node_modules|vendor|third[_-]?party|bower_components|site-packages|pods)\//.test(lower)) {
    found.push(seen('place-vendored', 'third-party code'));
  }
  if (
    /(?:^|\/)(?:locales?|i18n|lang|langs|languages|translations?|l10n|_locales)\/|\.(?:po|pot|arb|strings|resx|xlf|xliff)$|messages?_[a-z]{2}(?:_[a-z]{2})?\.properties$|(?:^|\/)(?:en|de|fr|es|it|pt|nl|sv|da|fi|nb|no|pl|cs|sk|hu|ro|bg|el|tr|ru|uk|ar|he|fa|hi|th|vi|id|ja|ko|zh)(?:[-_][a-z]{2,4})?\.(?:ya?ml|json|php)$/.test(
      lower,
    )
  ) {
    found.push(seen('place-translation', 'texts of a user interface'));
  }
  if (
    /\.(?:example|sample|template|tmpl|tpl|dist|j2|erb|skel)$|\.(?:examples?|samples?|template|dist)\.|(?:^|\/)examples-\d+\.json$|(?:^|\/)(?:example|sample)\.env/.test(
      lower,
    )
  ) {
    found.push(seen('place-template', 'a template by its name'));
  } else if (
    /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|testing|testdata|tests?[_-][\w-]+|test(?:certs?|keys?|setup|suite|utils?|helpers?|resources)|(?!latest|contest|attest|protest|greatest|fastest)[a-z]{3,12}tests?|t\/unit|_?fixtures?|mocks?|e2e|cypress|integration-tests?|androidtest)\/|(?:^|\/)(?:test_[^/]*|conftest)\.py$|[._-](?:test|tests|spec|mock|fixture)\.[a-z]+$|(?:test|tests|spec|it)\.(?:java|kt|cs|scala|groovy|php|swift)$|_(?:unit)?(?:test|spec)s?\.(?:go|rb|py|exs?|dart|rs|cc|cpp|cxx|c|mm?)$/.test(
      lower,
    )
  ) {
    found.push(seen('place-test', 'a test or fixture'));
  } else if (
    /(?:^|\/)(?:docs?|documentation|examples?|samples?|demos?|tutorials?|storybook)\/|\.(?:md|mdx|rst|adoc|markdown)$|(?:^|\/)(?:readme|changelog|contributing|history)[^/]*$|(?:^|[/_.-])(?:examples?|samples?|demos?|swagger|openapi)(?:[-_.][^/]*)?\.[a-z]+$/.test(
      lower,
    )
  ) {
    found.push(seen('place-docs', 'documentation or an example'));
  }
  if (CI_FILE.test(lower)) found.push(seen('place-ci', 'the description of a build'));
  if (/(?:^|\/)\.env(?:\.(?!example|sample|template|dist|test|defaults|schema)[\w.-]+)?$/.test(lower)) {
    found.push(seen('place-env-file', 'an environment file'));
  }
  return found;
}
