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
