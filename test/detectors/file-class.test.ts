import { expect, test } from 'vitest';
import { classifyPath } from '../../src/detectors/file-class.ts';
import { formatOfName } from '../../src/detectors/file-format.ts';
import { FILE_CLASSES } from '../support/rules.ts';

test('case and folders do not count, and what is harmless comes first', () => {
  const kind = (path: string): string | undefined => classifyPath(path, FILE_CLASSES)?.kind;
  expect(kind('a/b/c/.ENV')).toBe('env');
  expect(kind('ID_RSA')).toBe('credential');
  expect(kind('test/fixtures/server.key')).toBe('harmless');
  expect(kind('.env.test')).toBe('container');
  expect(kind('.env.example')).toBe('template');
  expect(kind('src/env.ts')).toBeUndefined();
  expect(kind('README.md')).toBeUndefined();
});

test.each([
  ['.env', 'env'],
  ['.env.local', 'env'],
  ['.env.example', 'env'],
  ['settings.ini', 'ini'],
  ['application.properties', 'ini'],
  ['values.yaml', 'yaml'],
  ['values.yaml.j2', 'yaml'],
  ['deploy.sh', 'shell'],
  ['dockerfile', 'shell'],
  ['dockerfile.prod', 'shell'],
  ['makefile', 'shell'],
  ['readme.md', 'text'],
  ['notes', 'text'],
  ['web.config', 'ini'],
  ['pom.xml', 'markup'],
  ['package.json', 'json'],
  ['main.go', 'code'],
  ['main.tf', 'code'],
])('%s is written as %s', (name, format) => {
  expect(formatOfName(name)).toBe(format);
});
