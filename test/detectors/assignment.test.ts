import { expect, test } from 'vitest';
import patterns from '#patterns/index';
import { createEngine } from '../../src/engine/create.ts';
import { randomText } from '../support/cli.ts';
import { viewOf } from '../support/view.ts';

const engine = createEngine(patterns);

async function secrets(text: string, path: string): Promise<string[]> {
  return (await engine.detect(viewOf(text, path))).filter(({ priority }) => priority > 5).map(({ secret }) => secret);
}

/** `V` is the value; each is how the language or format writes a literal under a name. */
const SYNTAXES: readonly (readonly [path: string, text: string])[] = [
  ['a.js', 'const apiKey = "V";'],
  ['a.ts', "export const apiKey: string = 'V';"],
  ['a.ts', 'const options = { apiKey: "V", retries: 3 };'],
  ['a.js', 'const apiKey = process.env.API_KEY || "V";'],
  ['a.py', 'api_key = "V"'],
  ['a.py', "client = Client(api_key='V')"],
  ['a.py', 'config["api_key"] = "V"'],
  ['a.go', 'apiKey := "V"'],
  ['a.go', 'const apiKey string = "V"'],
  ['A.java', 'private static final String API_KEY = "V";'],
  ['A.cs', 'var apiKey = @"V";'],
  ['a.rb', "api_key = 'V'"],
  ['a.rb', "{ 'api_key' => 'V' }"],
  ['a.php', "$apiKey = 'V';"],
  ['a.php', "define('API_KEY', 'V');"],
  ['a.rs', 'let api_key = "V";'],
  ['a.rs', 'const API_KEY: &str = "V";'],
  ['a.kt', 'val apiKey = "V"'],
  ['a.swift', 'let apiKey: String = "V"'],
  ['a.c', 'char *api_key = "V";'],
  ['a.sh', 'export API_KEY=V'],
  ['a.sh', 'API_KEY="V"'],
  ['a.ps1', '$env:API_KEY = "V"'],
  ['Dockerfile', 'ENV API_KEY=V'],
  ['a.yaml', 'api_key: V'],
  ['a.yaml', '  apiKey: "V"  # of the shop'],
  ['a.json', '{ "apiKey": "V" }'],
  ['a.toml', 'api_key = "V"'],
  ['a.ini', 'api_key = V'],
  ['a.properties', 'shop.api.key=V'],
  ['a.xml', '<apiKey>V</apiKey>'],
  ['a.xml', '<add key="ApiKey" value="V" />'],
  ['main.tf', 'api_key = "V"'],
  ['.env', 'API_KEY=V'],
  ['a.sql', "ALTER USER app IDENTIFIED BY 'V';"],
];

test.each(SYNTAXES.map(([path, text]) => ({ path, text })))('$path: $text', async ({ path, text }) => {
  const value = `q7${randomText(30)}Zx4`;
  expect(await secrets(`${text.replace(/\bV\b/, value)}\n`, path)).toEqual([value]);
});

test.each([
  ['a.js', 'const apiKey = process.env.API_KEY;'],
  ['a.js', 'const apiKey = config.get("apiKey");'],
  ['a.py', 'api_key = os.environ["API_KEY"]'],
  ['a.ts', 'apiKey: string;'],
  ['a.ts', 'if (ok) return passed ? "pass" : "fail";'],
  ['a.yaml', 'api_key: ${{ secrets.API_KEY }}'],
  ['a.yaml', 'api_key: !vault |'],
  ['a.json', '{ "apiKey": "YOUR_API_KEY" }'],
  ['main.tf', 'api_key = var.api_key'],
  ['a.sh', 'export API_KEY="$(cat key)"'],
  ['.env.example', 'API_KEY='],
  ['en.json', '{ "passwordLabel": "Choose a password" }'],
  ['a.py', 'password_field = "password"'],
])('%s: %s holds none', async (path, text) => {
  expect(await secrets(`${text}\n`, path)).toEqual([]);
});
