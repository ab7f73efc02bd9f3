import { describe, expect, test } from 'vitest';
import { scan } from '../support/cli.ts';
import { temporaryRepository } from '../support/repository.ts';

/** One password in the forms that repositories have it in; `%` stands for it, `^` for it in a URL. */
const FORMS: Readonly<Record<string, string>> = {
  'a.py': 'db_password = "%"\n',
  'b.js': "const client = login({ user: 'shop', password: '%' });\n",
  'c.yaml': 'spring:\n  datasource:\n    password: "%"\n',
  'd.json': '{ "smtp": { "password": "%" } }\n',
  'e.properties': 'mail.password=%\n',
  'f.ini': '[db]\npassword = %\n',
  'g.xml': '<add key="Password" value="%" />\n',
  'h.sh': 'export PGPASSWORD="%"\n',
  'i.tf': 'resource "x" "y" {\n  master_password = "%"\n}\n',
  'urls.txt':
    'postgres://shop:^@db.shop.corp/x\nmysql://shop:^@db.shop.corp:3306/x\nredis://:^@cache.shop.corp:6379/0\n' +
    'amqp://shop:^@mq.shop.corp/v\nmongodb://shop:^@mongo.shop.corp/x\n',
  'jdbc.txt': 'jdbc:postgresql://db.shop.corp/x?user=shop&password=^\n',
  'ado.txt': 'Server=db.shop.corp;Database=x;User Id=shop;Password=%;\n',
  'libpq.txt': 'host=db.shop.corp dbname=x user=shop password=% sslmode=require\n',
  '.env': 'DB_PASSWORD=%\nDATABASE_URL=postgres://shop:^@db.shop.corp/x\n',
  '.env.production': 'DATABASE_URL=postgres://shop:^@db.shop.corp/x\nDB_PASSWORD=%\n',
  '.netrc': 'machine db.shop.corp login shop password %\n',
  // The file of psql.
  [['.pg', 'pass'].join('')]: 'db.shop.corp:5432:x:shop:%\n',
};

/**
 * Whoever has the exceptions file of a whole repository has all the fingerprints of one password at once.
 * Nine bits each would add up, if they were not the same nine bits.
 */
describe('all fingerprints of a weak password together', () => {
  test.each(['Sommer2024!', 'hunter-2-Katze', 'Tr0ub4dor&3x', 'Qwertz!7x', 'correct-horse-9', 'P@ssw0rt-Shop'])(
    'of %s tell no more than nine bits',
    async (password) => {
      await using repo = temporaryRepository();
      for (const [path, form] of Object.entries(FORMS)) {
        // In a .netrc a value is taken to end at an ampersand.
        if (path === '.netrc' && password.includes('&')) continue;
        repo.write(path, form.replaceAll('%', password).replaceAll('^', encodeURIComponent(password)));
      }
      const { findings } = scan(repo, ['--show-secrets']);
      const prints = findings.map(({ fingerprint }) => fingerprint);
      expect(prints.filter((print) => print.startsWith('km1-w')).length).toBeGreaterThan(10);
      expect(
        findings
          .filter(({ fingerprint }) => fingerprint.startsWith('km1-s'))
          .map(({ path, rule }) => `${path} ${rule}`),
      ).toEqual([]);
      const tags = findings.flatMap(({ fingerprint, path, rule, secret }) =>
        fingerprint.startsWith('km1-w') ? [{ tag: fingerprint.slice(-2), path, rule, secret }] : [],
      );
      expect(tags.filter(({ tag }) => tag !== tags[0]?.tag)).toEqual([]);
    },
  );
});
