import type { Compile, Decision, Matcher } from './rule.ts';

/**
 * Several matchers of which each stands for itself: what one denies, no other allows. So Kiro compiles every ignore
 * file alone (`.kiroignore`, .gitignore, git's global file), and so Windsurf keeps closed what .gitignore excludes.
 *
 * @see https://kiro.dev/docs/kiroignore/
 * @see https://github.com/Exafunction/codeium/issues/133
 */
export function separately(matchers: readonly Matcher[]): Matcher {
  return {
    decide(subject) {
      let weaker: Decision | undefined;
      for (const matcher of matchers) {
        const decision = matcher.decide(subject);
        if (decision?.effect === 'deny') return decision;
        if (decision !== undefined && (weaker === undefined || decision.effect === 'ask')) weaker = decision;
      }
      return weaker;
    },
    omitted: matchers.flatMap(({ omitted }) => omitted),
  };
}

/** A compile function that reads each source as if it were the only one. */
export function eachAlone(compile: Compile): Compile {
  return (sources, options) => separately(sources.map((source) => compile([source], options)));
}

/**
 * A compile function that reads the files of the root only, as Gemini Code Assist and the code index of Roo Code do:
 * what a nested file says does not count.
 *
 * @see https://docs.cloud.google.com/gemini/docs/codeassist/create-aiexclude-file
 * @see https://github.com/RooCodeInc/Roo-Code/issues/8124
 */
export function rootOnly(compile: Compile): Compile {
  return (sources, options) =>
    compile(
      sources.filter(({ folder = '' }) => folder === ''),
      options,
    );
}

/**
 * A compile function for sources in the order in which a program joins them: each is read behind those before it, so
 * that a negation in its own file opens what .gitignore closed, if no folder above is closed. So Gemini CLI reads
 * .gitignore, .geminiignore and its custom files, and so Augment reads .augmentignore behind .gitignore.
 *
 * @see https://github.com/google-gemini/gemini-cli/blob/HEAD/packages/core/src/services/fileDiscoveryService.ts
 * @see https://docs.augmentcode.com/setup-augment/workspace-indexing
 */
export function inOrder(compile: Compile): Compile {
  return (sources, options) =>
    compile(
      sources.map((source, rank) => ({ ...source, rank })),
      options,
    );
}
