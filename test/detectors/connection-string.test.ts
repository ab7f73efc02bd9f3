import { expect, test } from 'vitest';
import patterns from '#patterns/index';
import { createEngine } from '../../src/engine/create.ts';
import { randomText } from '../support/cli.ts';
import { viewOf } from '../support/view.ts';

const engine = createEngine(patterns);
const HOST = 'db.acme-corp.net';

/** Where `P` stands in a text, a made-up password is put. */
const DIALECTS: readonly (readonly [title: string, text: string, rule: string])[] = [
  ['URL', `postgres://app:P@${HOST}:5432/main`, 'postgresql-connection-uri'],
  ['URL without a user', `redis://:P@${HOST}:6379/0`, 'redis-connection-uri'],
  ['Redis with TLS', `rediss://default:P@${HOST}:6380`, 'redis-connection-uri'],
  ['MongoDB', `mongodb://app:P@${HOST}:27017,two.acme-corp.net/main?replicaSet=a`, 'mongodb-connection-uri'],
  ['MongoDB by DNS', 'mongodb+srv://app:P@cluster0.ab1cd.mongodb.net/main', 'mongodb-connection-uri'],
  ['AMQP', `amqps://app:P@${HOST}/vhost`, 'amqp-connection-uri'],
  ['SMTP', `smtps://post:P@${HOST}:465`, 'smtp-credentials'],
  ['SQLAlchemy, psycopg2', `postgresql+psycopg2://app:P@${HOST}/main`, 'postgresql-connection-uri'],
  ['SQLAlchemy, pymysql', `mysql+pymysql://app:P@${HOST}/main?charset=utf8mb4`, 'mysql-connection-uri'],
  ['JDBC, parameters', `jdbc:postgresql://${HOST}/main?user=app&password=P`, 'jdbc-connection-url'],
  ['JDBC, properties', `jdbc:sqlserver://${HOST}:1433;databaseName=main;user=app;password=P;`, 'jdbc-connection-url'],
  ['JDBC, Oracle', `jdbc:oracle:thin:app/P@//${HOST}:1521/main`, 'jdbc-connection-url'],
  ['ADO.NET', `Server=${HOST};Database=main;User Id=app;Password=P;`, 'mssql-adonet-connection-string'],
  ['ADO.NET, short names', `Data Source=${HOST};Uid=app;Pwd=P`, 'mssql-adonet-connection-string'],
  ['libpq', `host=${HOST} port=5432 dbname=main user=app password=P`, 'postgresql-key-value-string'],
  ['HTTP', `https://app:P@${HOST}/in`, 'url-basic-auth-credentials'],
  ['any other scheme', `clickhouse://app:P@${HOST}:9000/main`, 'generic-connection-string'],
];

/** How such a string stands in files. */
const PLACES: readonly (readonly [path: string, wrap: (text: string) => string])[] = [
  ['deploy/dsn.sh', (text) => `DSN='${text}'\n`],
  ['src/app.py', (text) => `dsn = "${text}"\n`],
  ['src/app.js', (text) => `connect('${text}');\n`],
];

test.each(DIALECTS.flatMap(([title, text, rule]) => PLACES.map(([path, wrap]) => ({ title, text, rule, path, wrap }))))(
  '$title in $path',
  async ({ text, rule, path, wrap }) => {
    const password = `Q7${randomText(14)}x9`;
    const matches = await engine.detect(
      viewOf(wrap(text.replace('P@', `${password}@`).replace(/(password|Password|Pwd)=P/, `$1=${password}`)), path),
    );
    expect(matches.map(({ ruleId, secret, confidence }) => [ruleId, secret, confidence])).toEqual([
      [rule, password, 'likely'],
    ]);
  },
);

/** The same where the file around it matters. */
const IN_FILES: readonly (readonly [path: string, text: string, rule: string])[] = [
  ['app.yaml', `url: mariadb://app:P@${HOST}/main`, 'mysql-connection-uri'],
  ['.dev.vars', `MAILER_DSN=smtps://post%40acme-corp.net:P@${HOST}:465`, 'smtp-credentials'],
  ['app.py', `create_async_engine("postgresql+asyncpg://app:P@${HOST}/main")`, 'postgresql-connection-uri'],
  ['app.py', `create_engine("mariadb+mariadbconnector://app:P@${HOST}/main")`, 'mysql-connection-uri'],
  ['app.py', `create_engine("mssql+pyodbc://app:P@${HOST}/main?driver=a")`, 'generic-connection-string'],
  ['app.py', `create_engine("oracle+oracledb://app:P@${HOST}:1521/?service_name=a")`, 'generic-connection-string'],
  ['app.py', 'e("postgresql://app:P@db.abcdefghijklmnopqrst.supabase.co/main")', 'supabase-database-uri'],
  ['db.xml', `<url>jdbc:mysql://${HOST}/main?user=app&amp;password=P&amp;useSSL=true</url>`, 'jdbc-connection-url'],
  ['db.properties', `url = jdbc:oracle:thin:app/P@${HOST}:1521:main`, 'jdbc-connection-url'],
  ['etl.py', `connect("DRIVER={ODBC Driver 18};SERVER=${HOST};UID=app;PWD=P")`, 'mssql-adonet-connection-string'],
  [
    'appsettings.json',
    `{ "ConnectionStrings": { "Main": "Server=${HOST};User Id=app;Password=P;" } }`,
    'dotnet-appsettings-connectionstring',
  ],
  ['main.go', `Open("host=${HOST} user=app password=P dbname=main sslmode=disable")`, 'postgresql-key-value-string'],
  ['run.sh', `psql "host=${HOST} user=app password='P' dbname=main"`, 'postgresql-key-value-string'],
];

test.each(IN_FILES)('%s: %s', async (path, text, rule) => {
  const password = `Q7${randomText(14)}x9`;
  const written = text.replace(/([:/=]'?)P(?=[@&;" ']|$)/, `$1${password}`);
  expect(written).toContain(password);
  const matches = await engine.detect(viewOf(`${written}\n`, path));
  const found = matches.filter(({ about }) => about !== 'file').map(({ ruleId, secret }) => [ruleId, secret]);
  expect(found).toEqual([[rule, password]]);
});

test('percent signs are undone, in the value and in nothing else', async () => {
  const password = `Q7${randomText(10)}`;
  const [match] = await engine.detect(viewOf(`u = "postgres://app:${password}%40%2F@${HOST}/main"\n`, 'app.py'));
  expect(match?.secret).toBe(`${password}@/`);
});

test.each([
  `postgres://${HOST}/main`,
  `postgres://app@${HOST}/main`,
  `postgres://app:\${DB_PASSWORD}@${HOST}/main`,
  `postgres://app:<password>@${HOST}/main`,
  `postgres://user:password@host:5432/db`,
  `Server=${HOST};Database=main;Integrated Security=true;`,
  `Server=${HOST};Database=main;User Id=app;Password={password};`,
  `https://${HOST}:8080/@scope/name`,
  `jdbc:postgresql://${HOST}/main?user=app`,
])('holds no password of its own: %s', async (text) => {
  expect(
    (await engine.detect(viewOf(`x = "${text}"\n`, 'src/app.py'))).filter(
      ({ confidence }) => confidence !== 'possible',
    ),
  ).toEqual([]);
});

test('a default on this machine is told and does not block', async () => {
  const matches = await engine.detect(viewOf('url: postgres://postgres:postgres@localhost:5432/dev\n', 'compose.yaml'));
  expect(matches.every(({ confidence }) => confidence === 'possible')).toBe(true);
});
