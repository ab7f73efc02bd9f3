import { SourceError } from '../../core/errors.ts';
import { VERDICTS } from '../exposure-map.ts';
import { fieldsOf } from '../settings/rule-lists.ts';
import type { Claim } from './claims.ts';
import { BARRIERS, type Canary, type Prompt } from './layout.ts';
import { ROUTES } from './routes.ts';

/** Which canary stands behind what, and what is claimed of it: kept where the assistant does not see it. */
export interface Key {
  readonly assistant: string;
  /** ISO 8601. */
  readonly made: string;
  readonly version: string;
  readonly canaries: readonly (Canary & { readonly claim: Claim })[];
  readonly prompts: readonly Prompt[];
}

export function writeKey(key: Key): string {
  return `${JSON.stringify(key, undefined, 2)}\n`;
}

/** @throws {SourceError} for a text that is no such key */
export function readKey(text: string, file: string): Key {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw noKey(file, cause);
  }
  const { assistant, made, version, canaries, prompts } = fieldsOf(read);
  const isKey =
    [assistant, made, version].every((one) => typeof one === 'string') &&
    Array.isArray(canaries) &&
    canaries.every(isCanary) &&
    Array.isArray(prompts) &&
    prompts.every(isPrompt);
  if (!isKey) throw noKey(file);
  return read as Key;
}

function noKey(file: string, cause?: unknown): SourceError {
  return new SourceError(`${JSON.stringify(file)} is no key of a self-test`, {
    fix: 'name the .key.json file that `keepmum map selftest` has written',
    cause,
  });
}

function isCanary(one: unknown): boolean {
  const { route, barrier, path, standing, value, claim } = fieldsOf(one);
  const { channel, verdict, text, sources } = fieldsOf(claim);
  return (
    isNamed(ROUTES, route) &&
    isNamed(BARRIERS, barrier) &&
    isNamed(VERDICTS, verdict) &&
    [path, standing, value, channel, text].every((part) => typeof part === 'string') &&
    /^[a-z-]+-[a-z]{12,}$/.test(String(value)) &&
    Array.isArray(sources)
  );
}

function isPrompt(one: unknown): boolean {
  const { route, marker, text } = fieldsOf(one);
  return isNamed(ROUTES, route) && /^[a-z-]+-[a-z]{8,}$/.test(String(marker)) && typeof text === 'string';
}

function isNamed(all: object, name: unknown): boolean {
  return typeof name === 'string' && Object.hasOwn(all, name);
}
