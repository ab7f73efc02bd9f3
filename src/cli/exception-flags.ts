import { ExceptionError, UsageError } from '../core/errors.ts';
import { userEmail } from '../git/user.ts';
import { isDate } from '../suppress/exceptions.ts';
import type { Io } from './io.ts';

const DAY = 86_400_000;

/** The day of a run as an ISO date, in UTC, and the day `days` later. */
export function day(days = 0): string {
  return new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
}

/** A day from today on, or `never`. @throws {UsageError} */
export function checkedExpiry(text: string): string {
  if (text === 'never') return text;
  if (!isDate(text)) {
    throw new UsageError(`--expires: ${JSON.stringify(text)} is not a date`, {
      fix: `write it as in ${day(90)}, or never`,
    });
  }
  if (text < day()) {
    throw new UsageError(`--expires: ${text} is in the past`, { fix: `name a day from ${day()} on, or never` });
  }
  return text;
}

/** One line of words. @throws {UsageError} */
export function checkedText(text: string, flag: string): string {
  const trimmed = text.trim();
  // oxlint-disable-next-line no-control-regex -- control characters are the point
  if (trimmed === '' || trimmed.length > 500 || /[\u0000-\u001f\u007f]/.test(trimmed)) {
    throw new UsageError(`${flag} is not one line of 1 to 500 characters`, { fix: `write it as in ${flag} "WORDS"` });
  }
  return trimmed;
}

/** Who answers for an entry: what was given, or git's `user.email`. @throws {ExceptionError} */
export async function ownerOf(given: string | undefined, io: Io): Promise<string> {
  if (given !== undefined) return checkedText(given, '--owner');
  let email: string | undefined;
  try {
    email = await userEmail(io.cwd);
  } catch {
    email = undefined;
  }
  if (email === undefined) {
    throw new ExceptionError('git has no user.email to name as owner', { fix: 'add --owner NAME' });
  }
  return checkedText(email, 'user.email');
}
