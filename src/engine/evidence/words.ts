/**
 * Words of placeholders and dummies. `patterns/words/placeholders.yaml` replaces a list by handing one
 * of the same name to {@link useWords}.
 */
export interface Words {
  /** Whole values that are placeholders, compared without case, and with `-`, `_` and spaces left out. */
  readonly placeholder: readonly string[];
  /** Marks inside a value: it stands for another. */
  readonly marks: readonly string[];
  /** Passwords that are no secret: every attacker tries them first. */
  readonly weak: readonly string[];
  /** Values that are types, switches or fields. */
  readonly types: readonly string[];
}

export const WORDS: Words = {
  placeholder:
    'changeme changeit replaceme replacethis secrethere passwordhere tokenhere keyhere goeshere todo tbd fixme redacted censored hidden removed masked placeholder yourpassword yoursecret yourtoken yourapikey yourkey mypassword mysecret mytoken myapikey mykey mysecretkey putyouruniquephrasehere tobemodified notreal notarealkey xxx none null undefined nil empty dummy fake sample example foo bar baz foobar foobarbaz something whatever blah value anyvalue somevalue demokey unset unknown default notset'.split(
      ' ',
    ),
  marks:
    'example sample dummy fake placeholder redacted censored changeme replace your_ your- yourown your. <your insert goes-here goes_here not-a-real notreal not_real invalid secret-here key-here token-here todo fixme mock unsecure insecure do-not-use donotuse xxxx tu_ sua_chave votre_ dein- aqui 你的 您的 ваш ここに'.split(
      ' ',
    ),
  weak: 'password passw0rd passwd pass pwd secret secrets topsecret supersecret 123456 1234 12345 12345678 123456789 admin administrator root test testing tests tester guest user username hunter2 letmein keyboardcat qwerty abc123 password1 password123 pass123 test123 admin123 root123 secret123 123123 111111 postgres mysql mariadb mongo mongodb redis rabbitmq minioadmin elastic neo4j tiger cassandra oracle sa demo login welcome token key apikey api mypass manager sonar grafana jenkins vagrant docker ubuntu pi toor'.split(
    ' ',
  ),
  types:
    'string str text number integer int boolean bool object array bytes buffer any void required optional true false yes no on off null none nil undefined varchar char date file env auto field input hidden visible enabled disabled always never basic bearer digest oauth oauth2 jwt ntlm negotiate kerberos apikey header query cookie body path form json xml plain plaintext md5 sha1 sha256 bcrypt rsa dsa ecdsa ed25519 aes prompt ask interactive inherit public private readonly primary unique'.split(
      ' ',
    ),
};
