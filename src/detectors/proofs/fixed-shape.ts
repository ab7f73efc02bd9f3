import { FAIL, NONE, PASS } from './verdicts.ts';
import type { Proof } from './proof.ts';

/** UTF-16 units; no such token is longer. */
const MAX_UNITS = 1024;

interface FixedShape {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** The whole token, anchored at both ends. */
  readonly shape: RegExp;
  /** Sibling forms that have no fixed part. */
  readonly unchecked?: RegExp;
}

/** A token with fixed characters at fixed places, which chance does not meet. */
function fixedShape({ name, title, source, shape, unchecked }: FixedShape): Proof {
  return {
    name,
    title,
    source,
    check(secret) {
      if (unchecked?.test(secret.slice(0, MAX_UNITS)) === true) return NONE;
      return secret.length <= MAX_UNITS && shape.test(secret) ? PASS : FAIL;
    },
  };
}

const OPENAI_HALVES = [20, 58, 74].map((n) => `[\\w-]{${n}}T3BlbkFJ[\\w-]{${n}}`).join('|');

export const openaiInfix: Proof = fixedShape({
  name: 'openai-infix',
  title: 'fixed characters between two halves of equal length, OpenAI key',
  source: 'https://platform.openai.com/docs/api-reference/authentication',
  shape: new RegExp(`^sk-(?:(?:proj|svcacct|service|admin|None)-)?(?:${OPENAI_HALVES})$`),
});

export const groqInfix: Proof = fixedShape({
  name: 'groq-infix',
  title: 'fixed characters inside the key, Groq',
  source: 'https://console.groq.com/docs/quickstart',
  shape: /^gsk_[0-9A-Za-z]{20}WGdyb3FY[0-9A-Za-z]{24}$/,
});

export const anthropicSuffix: Proof = fixedShape({
  name: 'anthropic-suffix',
  title: 'exact length and fixed end, Anthropic key',
  source: 'https://docs.anthropic.com/en/api/overview',
  shape: /^sk-ant-(?:api|admin)\d\d-[\w-]{93}AA$/,
  unchecked: /^sk-ant-(?:oat|ort|sid)/,
});

export const sendgridShape: Proof = fixedShape({
  name: 'sendgrid-shape',
  title: 'dots and length at fixed places, SendGrid key',
  source: 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
  shape: /^SG\.[\w-]{22}\.[\w-]{43}$/,
});

export const herokuBase64: Proof = fixedShape({
  name: 'heroku-base64',
  title: 'base64 of exactly 45 bytes, Heroku key',
  source: 'https://devcenter.heroku.com/articles/platform-api-reference',
  shape: /^HRKU-[\w-]{60}$/,
});

export const rapidapiInfix: Proof = fixedShape({
  name: 'rapidapi-infix',
  title: 'fixed characters at three places in a hex key, RapidAPI',
  source: 'https://docs.rapidapi.com/docs/keys-and-key-rotation',
  shape: /^[0-9a-f]{10}msh[0-9a-f]{15}p1[0-9a-f]{5}jsn[0-9a-f]{12}$/,
});
