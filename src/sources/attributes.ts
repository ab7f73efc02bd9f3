/** Names that files with credentials tend to have, as they appear in a pattern of `.gitattributes`. */
const SECRET_LIKE =
  /(?:^|[/.*_-])(?:env|secrets?|credentials?|passwords?|tokens?|pem|key|p12|pfx|jks|keystore|kdbx|tfvars|tfstate|netrc|npmrc|pypirc|htpasswd|id_[a-z0-9]+)(?:$|[.*_/[-])/i;

/** Settings that hide content from diffs, or have a program change it. */
const HIDING = /^(?:-diff|binary|filter=.+|diff=.+)$/;

/**
 * Sentences about lines of a `.gitattributes` that hide files with secret-like names from diffs and
 * reviews. keepmum itself reads past them. `path` is where the attributes file stands.
 */
export function attributeWarnings(
  path: string,
  bytes: Buffer,
  isNew: (line: number) => boolean,
  firstLine: number,
): string[] {
  const warnings: string[] = [];
  let line = firstLine - 1;
  for (const text of bytes.toString('utf8').split('\n')) {
    line++;
    const [pattern = '', ...settings] = text.trim().split(/\s+/);
    if (pattern === '' || pattern.startsWith('#') || !isNew(line)) continue;
    const hiding = settings.find((setting) => HIDING.test(setting));
    if (hiding === undefined || !SECRET_LIKE.test(pattern)) continue;
    warnings.push(
      `${path}:${line} sets "${hiding.replace(/=.*/, '')}" for files that may hold secrets: reviewers will not see their content`,
    );
  }
  return warnings;
}
