import { describe, expect, test } from 'vitest';
import { TemplateExpander } from '../../src/rules/template.ts';
import { detect, secretsIn } from '../support/engine.ts';

const made = new TemplateExpander('assignment');
/** Made at run time, so that no line here holds one. */
const K = made.expand('${base62:40}');
const P = made.expand('${base62:12}7k');

type Row = readonly [what: string, path: string, text: string];

/** A key of a service, as each language and format writes it. */
const KEYS: readonly Row[] = [
  ['JavaScript', 'a.js', `const apiKey = '${K}';`],
  ['JavaScript property', 'a.js', `export default { apiKey: "${K}" };`],
  ['JavaScript default', 'a.js', `const apiKey = process.env.API_KEY || "${K}";`],
  ['JavaScript nullish default', 'a.mjs', `const apiKey = process.env["API_KEY"] ?? "${K}";`],
  ['JavaScript template literal', 'a.js', `const apiKey = \`${K}\`;`],
  ['TypeScript with a type', 'a.ts', `private readonly apiKey: string = '${K}';`],
  ['Python', 'a.py', `API_KEY = "${K}"`],
  ['Python with a type', 'a.py', `api_key: Optional[str] = '${K}'`],
  ['Python bytes', 'a.py', `api_key = b"${K}"`],
  ['Python dictionary', 'a.py', `config["api_key"] = "${K}"`],
  ['Python default of the environment', 'a.py', `api_key = os.environ.get("API_KEY", "${K}")`],
  ['Python three quotes', 'a.py', `api_key = """${K}"""`],
  ['Python argument', 'a.py', `client = Client(api_key="${K}")`],
  ['Go', 'a.go', `apiKey := "${K}"`],
  ['Go constant', 'a.go', `const apiKey string = "${K}"`],
  ['Go raw string', 'a.go', `var apiKey = \`${K}\``],
  ['Go struct', 'a.go', `Config{APIKey: "${K}"}`],
  ['Java', 'A.java', `private static final String API_KEY = "${K}";`],
  ['Java setter', 'A.java', `config.setApiKey("${K}");`],
  ['C#', 'A.cs', `public const string ApiKey = "${K}";`],
  ['C# verbatim', 'A.cs', `var apiKey = @"${K}";`],
  ['C# index', 'A.cs', `settings["ApiKey"] = "${K}";`],
  ['C++', 'a.cpp', `static const char* api_key = "${K}";`],
  ['C', 'a.c', `char *api_key = "${K}";`],
  ['C define', 'a.h', `#define API_KEY "${K}"`],
  ['Ruby', 'a.rb', `API_KEY = '${K}'`],
  ['Ruby symbol', 'a.rb', `{ api_key: "${K}" }`],
  ['Ruby rocket', 'a.rb', `{ :api_key => "${K}" }`],
  ['PHP', 'a.php', `$apiKey = '${K}';`],
  ['PHP array', 'a.php', `return ['api_key' => '${K}'];`],
  ['PHP define', 'a.php', `define('API_KEY', '${K}');`],
  ['Rust', 'a.rs', `const API_KEY: &str = "${K}";`],
  ['Rust let', 'a.rs', `let api_key = "${K}".to_string();`],
  ['Kotlin', 'A.kt', `val apiKey: String = "${K}"`],
  ['Kotlin constant', 'A.kt', `const val API_KEY = "${K}"`],
  ['Swift', 'a.swift', `let apiKey = "${K}"`],
  ['Swift with a type', 'a.swift', `static let apiKey: String = "${K}"`],
  ['Scala', 'A.scala', `val apiKey = "${K}"`],
  ['Dart', 'a.dart', `final String apiKey = '${K}';`],
  ['Elixir', 'a.exs', `config :app, api_key: "${K}"`],
  ['Lua', 'a.lua', `local api_key = "${K}"`],
  ['R', 'a.R', `api_key <- "${K}"`],
  ['Perl', 'a.pl', `my $api_key = '${K}';`],
  ['shell', 'a.sh', `API_KEY=${K}`],
  ['shell export', 'a.sh', `export API_KEY="${K}"`],
  ['shell default', 'a.sh', `API_KEY=\${API_KEY:-"${K}"}`],
  ['default of a compose file', 'docker-compose.yml', `      API_KEY: \${API_KEY:-${K}}`],
  ['shell flag', 'a.sh', `deploy --api-key ${K} --now`],
  ['shell flag with a sign', 'a.sh', `deploy --api-key=${K}`],
  ['batch', 'a.bat', `set API_KEY=${K}`],
  ['PowerShell', 'a.ps1', `$ApiKey = "${K}"`],
  ['PowerShell environment', 'a.ps1', `$env:API_KEY = '${K}'`],
  ['Makefile', 'Makefile', `API_KEY ?= ${K}`],
  ['YAML', 'a.yaml', `api_key: ${K}`],
  ['YAML in quotes', 'a.yml', `  api_key: "${K}"  # ours`],
  ['YAML name and value', 'a.yaml', `- name: API_KEY\n  value: ${K}\n`],
  ['YAML list of a compose file', 'docker-compose.yml', `    environment:\n      - API_KEY=${K}\n`],
  ['JSON', 'a.json', `{ "api_key": "${K}" }`],
  ['JSON, compact', 'a.json', `{"x":1,"apiKey":"${K}","y":2}`],
  ['JSON inside a string', 'a.js', `send("{\\"api_key\\": \\"${K}\\"}")`],
  ['TOML', 'a.toml', `api_key = "${K}"`],
  ['INI', 'a.ini', `api_key = ${K}`],
  ['properties', 'a.properties', `app.api.key=${K}`],
  ['XML element', 'a.xml', `<apiKey>${K}</apiKey>`],
  ['XML attribute', 'a.xml', `<client apiKey="${K}"/>`],
  ['XML key and value', 'app.config', `<add key="ApiKey" value="${K}" />`],
  ['HCL', 'a.tf', `api_key = "${K}"`],
  ['Dockerfile ENV', 'Dockerfile', `ENV API_KEY=${K}`],
  ['Dockerfile ENV with a space', 'Dockerfile', `ENV API_KEY ${K}`],
  ['Dockerfile ARG', 'Dockerfile', `ARG API_KEY=${K}`],
  ['environment file', 'ci.vars', `API_KEY=${K}`],
  ['environment file, exported', 'ci.vars', `export API_KEY='${K}'`],
  ['query string', 'a.py', `get("https://api.acme-corp.net/v1?api_key=${K}&page=2")`],
  ['header', 'a.py', `headers = {"X-Api-Key": "${K}"}`],
  ['header of curl', 'a.sh', `curl -H "X-Api-Key: ${K}" https://api.acme-corp.net`],
];

test.each(KEYS)('key: %s', async (_, path, text) => {
  expect(await secretsIn(text, path)).toEqual([['generic-api-key-assignment', K]]);
});

const PASSWORDS: readonly Row[] = [
  ['Python', 'a.py', `password = "${P}"`],
  ['Java', 'A.java', `String dbPassword = "${P}";`],
  ['C#', 'A.cs', `Password = "${P}",`],
  ['YAML', 'a.yaml', `  password: ${P}`],
  ['YAML in quotes', 'a.yaml', `password: '${P}'`],
  ['JSON', 'a.json', `{ "password": "${P}" }`],
  ['properties', 'a.properties', `db.password=${P}`],
  ['XML', 'a.xml', `<password>${P}</password>`],
  ['HCL', 'a.tf', `password = "${P}"`],
  ['SQL user', 'a.sql', `CREATE USER app WITH PASSWORD '${P}';`],
  ['SQL identified by', 'a.sql', `CREATE USER 'app'@'%' IDENTIFIED BY '${P}';`],
  ['mysql in a shell', 'a.sh', `mysql --user=app --password=${P} main`],
  ['YAML, literal block', 'a.yaml', `db:\n  password: |\n    ${P}\n`],
  ['YAML, folded block', 'a.yaml', `- password: >-\n    ${P}\n`],
  ['YAML, quoted on the next line', 'a.yaml', `db:\n  password:\n    "${P}"\n`],
  ['Python, in brackets on the next line', 'a.py', `password = (\n    "${P}"\n)\n`],
  ['Java, on the next line', 'A.java', `String password =\n    "${P}";\n`],
  ['TOML, over lines', 'a.toml', `password = '''\n${P}'''\n`],
  ['Python, three quotes over lines', 'a.py', `password = """\n${P}\n"""\n`],
  ['Lua, long brackets', 'a.lua', `local password = [[${P}]]`],
  ['HCL, heredoc', 'a.tf', `password = <<-EOT\n  ${P}\n  EOT\n`],
  ['Terraform, default of a variable', 'a.tf', `variable "db_password" {\n  type    = string\n  default = "${P}"\n}\n`],
  ['Python, default of a flag', 'a.py', `parser.add_argument("--password", default="${P}")`],
  ['Gradle', 'a.gradle', `    storePassword "${P}"\n`],
  ['builder', 'A.java', `DataSourceBuilder.create().username("app").password("${P}")`],
];

test.each(PASSWORDS)('password: %s', async (_, path, text) => {
  expect(await secretsIn(text, path)).toEqual([['generic-password-assignment', P]]);
});

/** Commands that do not say that it is a password. */
const COMMANDS: readonly Row[] = [
  ['curl -u', 'a.sh', `curl -s -u deploy:${P} https://api.acme-corp.net`],
  ['curl --user, in quotes', 'a.sh', `curl --user "deploy:${P}" https://api.acme-corp.net`],
  ['curl in a workflow', '.github/workflows/a.yml', `      - run: curl -fsS -u 'deploy:${P}' "$URL"`],
  ['mysql -p', 'a.sh', `mysqldump -h db -u root -p${P} shop > shop.sql`],
  ['redis-cli -a', 'a.sh', `redis-cli -h cache -a ${P} ping`],
  ['sshpass', 'a.sh', `sshpass -p '${P}' ssh app@db.acme-corp.net`],
  ['docker login -p', 'a.sh', `docker login -u ci -p ${P} registry.acme-corp.net`],
];

test.each(COMMANDS)('password on a command line: %s', async (_, path, text) => {
  expect(await secretsIn(text, path)).toEqual([['cli-password-flag', P]]);
});

const NOTHING: readonly Row[] = [
  ['the environment, Python', 'a.py', 'password = os.environ["DB_PASSWORD"]'],
  ['the environment, JavaScript', 'a.js', 'const apiKey = process.env.API_KEY;'],
  ['the environment, Go', 'a.go', 'apiKey := os.Getenv("API_KEY")'],
  ['a variable', 'a.js', 'const password = userPassword;'],
  ['a call', 'a.py', 'token = get_token("production")'],
  ['a template of a workflow', '.github/workflows/a.yml', '  api_key: ${{ secrets.API_KEY }}'],
  ['a reference of YAML', 'a.yaml', 'password: *default_password'],
  ['a secret of a cluster', 'a.yaml', 'secretKeyRef:\n  name: app\n  key: password\n'],
  ['an empty text', 'a.py', 'password = ""'],
  ['angle brackets', 'a.yaml', 'api_key: "<your api key>"'],
  ['a placeholder', 'a.py', 'API_KEY = "YOUR_API_KEY"'],
  ['the letters x', 'a.py', 'API_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"'],
  ['a label', 'a.ts', 'passwordLabel: "Enter your password"'],
  ['a type', 'a.ts', 'password: string;'],
  ['the kind of a field', 'a.html', '<input name="password" type="password">'],
  ['a column', 'a.sql', 'CREATE TABLE users (password VARCHAR(255) NOT NULL);'],
  ['joined texts', 'a.js', 'const token = "Bearer " + token;'],
  ['a public key', 'a.yaml', 'public_key: ssh-ed25519'],
  ['a primary key', 'a.py', 'primary_key = "customer_number"'],
  ['two choices', 'a.js', "const result = ok ? 'pass' : 'fail';"],
  ['a setting', 'a.js', 'const apiKey = config.get("apiKey");'],
  ['a tag of Ansible', 'a.yaml', 'api_key: !vault |'],
  ['a variable of Terraform', 'main.tf', 'api_key = var.api_key'],
  ['a command', 'a.sh', 'export API_KEY="$(cat key)"'],
  ['a default that is a variable', 'a.sh', 'API_KEY=${API_KEY:-$OTHER_KEY}'],
  ['an empty default', 'docker-compose.yml', '      API_KEY: ${API_KEY:-}'],
  ['the name of a field', 'a.py', 'password_field = "password"'],
  ['a value that is cut', 'README.md', 'PLAID_ACCESS_TOKEN=access-prod-...'],
  ['a form behind a prefix', 'a.sh', 'oc login --token=sha256~<token> https://api.acme-corp.net'],
  ['curl with a variable', 'a.sh', 'curl -u "deploy:$PASSWORD" https://api.acme-corp.net'],
  ['curl that asks', 'a.sh', 'curl -u deploy https://api.acme-corp.net:8443/x'],
  ['another flag of curl', 'a.sh', 'curl -o out:file.tar -U 7 https://api.acme-corp.net'],
  ['mysql that asks', 'a.sh', 'mysql -u root -p shop'],
  ['mysql with a variable', 'a.sh', 'mysql -u root -p"$MYSQL_PASSWORD" shop'],
  ['a mapping on the next line', 'a.yaml', 'password:\n  secretKeyRef: app\n'],
  ['a list on the next line', 'a.yaml', 'tokens:\n  - one-of-many\n'],
  ['the next key of YAML', 'a.yaml', 'password:\nuser: "administrator"\n'],
  ['a call over lines', 'a.py', 'password = (\n    read_password("production")\n)\n'],
  [
    'a variable of Terraform without a default',
    'a.tf',
    'variable "db_password" {\n  type = string\n}\nvariable "x" {\n  default = "acme7Kd2"\n}\n',
  ],
  ['a flag that is required', 'a.py', 'parser.add_argument("--password", required=True, help="default: ask")'],
  ['the documentation of a field', 'a.py', 'password = """\nThe password of the account.\n"""\n'],
  ['ciphertext', 'a.properties', 'db.password=ENC(Zm9vYmFyYmF6cXV4cXV1eA==)'],
];

test.each(NOTHING)('nothing: %s', async (_, path, text) => {
  expect(await secretsIn(text, path)).toEqual([]);
});

test('a secure string of PowerShell', async () => {
  const text = `$p = ConvertTo-SecureString "${P}" -AsPlainText -Force`;
  expect(await secretsIn(text, 'a.ps1')).toEqual([['powershell-securestring-plaintext', P]]);
});

describe('HTTP headers', () => {
  test('Basic', async () => {
    const basic = Buffer.from(`app:${P}`).toString('base64');
    for (const text of [`curl -H "Authorization: Basic ${basic}" https://a.net`, `Authorization: Basic ${basic}`]) {
      expect(await secretsIn(text, 'a.sh')).toEqual([['http-basic-authorization-header', basic]]);
    }
  });

  test('Bearer', async () => {
    for (const text of [
      `headers = {"Authorization": "Bearer ${K}"}`,
      `curl -H 'Authorization: Bearer ${K}' https://a.net`,
    ]) {
      expect(await secretsIn(text, 'a.py')).toEqual([['http-bearer-authorization-header', K]]);
    }
  });

  test('prose is none', async () => {
    expect(await secretsIn('Bearer tokens and basic authentication are explained below.', 'a.md')).toEqual([]);
  });
});

describe('names that a provider uses', () => {
  test.each([
    ['jwt-signing-secret', `JWT_SECRET=${K}`, 'ci.vars'],
    ['nextauth-secret', `NEXTAUTH_SECRET=${K}`, 'ci.vars'],
    ['rails-secret-key-base', `  secret_key_base: ${K}`, 'config/secrets.yml'],
    ['rails-master-key', `RAILS_MASTER_KEY=${K}`, 'ci.vars'],
    ['spring-datasource-password', `spring.datasource.password=${P}`, 'application.properties'],
    ['smtp-password', `EMAIL_HOST_PASSWORD = '${P}'`, 'settings.py'],
    ['github-client-secret', `GITHUB_CLIENT_SECRET=${K}`, 'ci.vars'],
  ])('%s', async (rule, text, path) => {
    expect((await secretsIn(text, path)).map(([id]) => id)).toEqual([rule]);
  });
});

test('the value is unescaped, and the match is where it stands', async () => {
  const text = `{ "password": "a\\"${P}" }`;
  const [match] = await detect(text, 'a.json');
  expect(match?.secret).toBe(`a"${P}`);
  expect(text.slice(match?.start, match?.end)).toBe(`a\\"${P}`);
});
