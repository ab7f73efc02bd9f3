import { isMachineMade } from '../core/entropy.ts';
import type { Evidence, Match } from '../core/finding.ts';
import { isNear } from '../core/near.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import { listOption, type Detector, type DetectorRule } from './detector.ts';

/** Priority of a connection string among overlapping matches. */
const PRIORITY = 40;
/** Longest user-and-password part of a URL, in bytes. */
const USERINFO_LIMIT = 400;
/** What stands between a scheme and what it leads to, in JSON perhaps escaped. */
const ADDRESSES: ReadonlySet<string> = new Set(['://', ':\\/\\/']);
/** Bytes to either side of `password=` in which its companions are looked for. */
const AROUND = 400;

/**
 * Passwords inside connection strings: URLs, JDBC, ADO.NET and ODBC, libpq. The match is the password,
 * percent-decoded.
 *
 * Options of a rule: `schemes` (without `+driver`), `hosts` (ends of host names; the more specific
 * rule wins, and so does one whose `near` words are there), `forms` (`url`, `jdbc`, `oracle`, `ado`, `libpq`; default: `url` where schemes are given,
 * else all).
 */
export const connectionString: Detector = {
  name: 'connection-string',
  // None of its forms holds a line end.
  reach: 1,
  anchors: () => [...ADDRESSES, 'password=', 'pwd=', 'jdbc:oracle:thin:'],
  gate: (anchor) => (ADDRESSES.has(anchor) ? 'address' : undefined),
  prepare(rules) {
    let chooser: Choose | undefined;
    const choose: Choose = (...asked) => (chooser ??= ruleChooser(rules()))(...asked);
    return (view, hit, anchor) => {
      if (ADDRESSES.has(anchor)) return urlMatch(view, hit, hit + anchor.length, choose);
      if (anchor === 'jdbc:oracle:thin:') return oracleMatch(view, hit + anchor.length, choose);
      return pairMatch(view, hit, hit + anchor.length, choose);
    };
  },
};

type Form = 'url' | 'jdbc' | 'oracle' | 'ado' | 'libpq';

type Choose = (form: Form, scheme: string, host: string, fits: Fits) => DetectorRule | undefined;
/** Whether what the rule wants near the match is there. */
type Fits = (rule: DetectorRule) => boolean;

function ruleChooser(rules: readonly DetectorRule[]): Choose {
  const wanted = rules.map((rule) => ({
    rule,
    schemes: listOption(rule, 'schemes').map((scheme) => scheme.replace(/:\/\/$/, '')),
    hosts: listOption(rule, 'hosts'),
    forms: listOption(rule, 'forms'),
  }));
  return (form, scheme, host, fits) => {
    const base = scheme.split('+')[0] ?? '';
    let best: DetectorRule | undefined;
    let bestScore = -1;
    for (const { rule, schemes, hosts, forms } of wanted) {
      if (forms.length > 0 && !forms.includes(form)) continue;
      if (forms.length === 0 && schemes.length > 0 && form !== 'url' && form !== 'jdbc') continue;
      let score = forms.length > 0 ? 4 : 0;
      if (schemes.length > 0 && scheme !== '') {
        if (schemes.includes(scheme)) score += 3;
        else if (schemes.includes(base)) score += 2;
        else continue;
      } else if (schemes.length > 0 && forms.length === 0) {
        continue;
      }
      if (hosts.length > 0) {
        if (!hosts.some((end) => host === end || host.endsWith(end.startsWith('.') ? end : `.${end}`))) continue;
        score += 8;
      }
      if (rule.near !== undefined) {
        if (!fits(rule)) continue;
        score += 4;
      }
      if (score > bestScore) {
        best = rule;
        bestScore = score;
      }
    }
    return best;
  };
}

const AT = 64;
const COLON = 58;
const SLASH = 47;

/** Bytes that end a URL's user-and-password part wherever they stand. */
export const ENDS: Uint8Array = new Uint8Array(256);
for (let byte = 0; byte <= 32; byte++) ENDS[byte] = 1;
for (const character of '"\'`<>\\') ENDS[character.charCodeAt(0)] = 1;

/** Schemes whose path may hold an @ and whose passwords therefore end at the first slash. */
const WEB =
  /^(?:https?|wss?|git|svn|ssh|ftp|ftps|sftp|file|s3|npm|chrome|app|data|about|view-source|git\+https?|git\+ssh)$/;

/** @param start where the user and password would be */
function urlMatch(view: View, hit: number, start: number, choose: Choose): Match | readonly Match[] | undefined {
  const { bytes } = view;
  const last = Math.min(bytes.length, start + USERINFO_LIMIT);
  // First the cheap question: is there a colon and then an @ before the URL ends?
  let colon = -1;
  let at = -1;
  let slash = -1;
  for (let i = start; i < last; i++) {
    const byte = bytes[i] as number; // i < bytes.length
    if (ENDS[byte] === 1) break;
    if (byte === AT) {
      at = i;
    } else if (byte === COLON) {
      if (colon < 0 && at < 0) colon = i;
    } else if (byte === SLASH && slash < 0) {
      if (at >= 0 || colon < 0) break;
      slash = i;
    }
  }
  if (at < 0) return jdbcMatch(view, hit, choose);
  const scheme = schemeBefore(view, hit);
  if (scheme === '') return undefined;
  if (slash >= 0 && slash < at) {
    // A slash before the @: a password with a slash in it, or a path with an @ in it (`host:8080/@scope`).
    const rest = view.latin1(colon + 1, slash);
    if (WEB.test(scheme) || /^[0-9]{1,5}$/.test(rest)) return jdbcMatch(view, hit, choose);
  }
  const after = view.latin1(at + 1, at + 256);
  // A host may be a variable that is put behind: `"postgres://app:x@" + host`.
  const host =
    /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+|[$%{<][^\s/"'`]{1,80}|["'`](?=[ \t]{0,4}[+.&,]))/.exec(after)?.[0] ?? '';
  if (host === '') return undefined;
  if (colon < 0) {
    // A token instead of user and password.
    const token = view.latin1(start, at);
    if (!WEB.test(scheme) || !isMachineMade(token)) return undefined;
    return made(view, start, at, '', 'url', scheme, host, choose);
  }
  return made(view, colon + 1, at, decoded(view.utf8(start, colon)), 'url', scheme, host, choose);
}

function schemeBefore(view: View, hit: number): string {
  return /[a-z][a-z0-9+.-]*$/.exec(view.latin1(hit - 40, hit).toLowerCase())?.[0] ?? '';
}

/** `jdbc:postgresql://host/db?user=u&password=p`, `jdbc:sqlserver://host;user=u;password=p;`. */
function jdbcMatch(view: View, hit: number, choose: Choose): Match | undefined {
  const lead = view.latin1(hit - 40, hit).toLowerCase();
  if (!lead.includes('jdbc:') || !/jdbc:[a-z0-9:+]{2,30}$/.test(lead)) return undefined;
  const text = view.latin1(hit + 3, hit + 3 + 512);
  const host = /^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? '';
  const whole = /^[^\s"'`<>]*/.exec(text)?.[0] ?? '';
  const pair = /(?:[?;]|&(?:amp;)?)(?:password|pwd)=([^&;\s"'`<>]{1,200})/i.exec(whole);
  if (pair?.[1] === undefined) return undefined;
  const end = hit + 3 + pair.index + pair[0].length;
  return made(view, end - pair[1].length, end, '', 'jdbc', schemeBefore(view, hit), host, choose);
}

/** `jdbc:oracle:thin:user/password@//host:1521/service`. */
function oracleMatch(view: View, at: number, choose: Choose): Match | undefined {
  const text = view.latin1(at, at + 300);
  const parts = /^([A-Za-z0-9_$#.]{1,60})\/([^\s"'`<>/]{1,120})@(?:\/\/)?([A-Za-z0-9._-]*)/.exec(text);
  if (parts?.[1] === undefined || parts[2] === undefined) return undefined;
  const start = at + parts[1].length + 1;
  return made(view, start, start + parts[2].length, parts[1], 'oracle', 'oracle', parts[3] ?? '', choose);
}

const COMPANIONS =
  /(?:^|[;"'`\s?])(?:server|data source|datasource|host|hostname|address|addr|network address|initial catalog|database|dbname|driver|dsn|uid|user id|userid|user|username|port)[ \t]{0,2}=/i;

/** `Server=h;User Id=u;Password=p;` and `host=h user=u password=p`. */
function pairMatch(view: View, hit: number, valueStart: number, choose: Choose): Match | undefined {
  const { bytes } = view;
  const before = bytes[hit - 1];
  // `;`, a space or a quote stands before the key; a letter makes it the end of a longer name.
  if (before !== 59 && before !== 32 && before !== 34 && before !== 39 && before !== 96) return undefined;
  const lineStart = view.lineStart(hit, AROUND);
  const lead = view.latin1(lineStart, hit);
  const rest = view.latin1(valueStart, view.lineEnd(valueStart, AROUND));
  const separator = before === 59 || (/;[ \t]*$/.test(lead) && before === 32) || /^[^\s;"'`]*;/.test(rest) ? ';' : ' ';
  const quote = /^["']/.exec(rest)?.[0] ?? '';
  // The string that holds the pairs: from the last quote before.
  const opened = Math.max(lead.lastIndexOf('"'), lead.lastIndexOf("'"), lead.lastIndexOf('`'));
  const head = lead.slice(opened + 1);
  let value: string;
  if (separator === ';') {
    value =
      (quote === ''
        ? /^(?:[^;"'`\r\n<>&]|&(?!(?:quot|apos|amp|lt|gt|#\d+);))+/
        : quote === '"'
          ? /^"[^"]*/
          : /^'[^']*/
      ).exec(rest)?.[0] ?? '';
  } else {
    // Within a string, its own quote ends it; the other kind encloses the value.
    const closes = opened >= 0 && lead.charAt(opened) === quote;
    value = (quote === '' || closes ? /^[^\s;"'`<>,)]+/ : quote === "'" ? /^'[^']*/ : /^"[^"]*/).exec(rest)?.[0] ?? '';
  }
  const tail = rest.slice(value.length).replace(/["'`].*$/, (end) => (quote === '' ? '' : end));
  const pairs = `${head}${separator}${tail}`;
  if (!COMPANIONS.test(pairs)) return undefined;
  const companions = pairs.split(separator === ';' ? ';' : /\s+/).filter((part) => COMPANIONS.test(` ${part.trim()}`));
  if (companions.length < (separator === ';' ? 1 : 2)) return undefined;
  const start = valueStart + (value.startsWith(quote) ? quote.length : 0);
  const end = valueStart + value.trimEnd().length;
  if (end <= start) return undefined;
  const setting = (names: string): string =>
    new RegExp(`(?:^|[;\\s])(?:${names})[ \\t]{0,2}=[ \\t]{0,2}(?:tcp:)?([^;,\\s]+)`, 'i').exec(pairs)?.[1] ?? '';
  const user = setting('uid|user id|userid|username|user');
  const host = setting('server|data source|host|hostname|address|addr');
  return made(view, start, end, user, separator === ';' ? 'ado' : 'libpq', '', host, choose);
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function made(
  view: View,
  start: number,
  end: number,
  user: string,
  form: Form,
  scheme: string,
  host: string,
  choose: Choose,
): Match | undefined {
  if (end - start < 1 || end - start > 512) return undefined;
  const rule = choose(form, scheme, host.toLowerCase(), (candidate) => isNear(candidate, view, start, end));
  if (rule === undefined) return undefined;
  const text = view.utf8(start, end);
  const secret = form === 'url' || form === 'jdbc' ? decoded(text) : text;
  const found: Evidence[] = [evidence('connection-password', 'the password of a connection string')];
  const place = hostEvidence(host);
  if (place !== undefined) found.push(place);
  if (user !== '' && user === secret) found.push(evidence('value-same-as-user', 'the same as the user name'));
  return {
    ruleId: rule.id,
    start,
    end,
    secret,
    evidence: found,
    guessable: !isMachineMade(secret),
    // A user that a machine made up is a token beside its password, not a name to show.
    ...(/^[\w.@+-]{1,80}$/.test(user) && !isMachineMade(user) && { account: user }),
    priority: PRIORITY,
  };
}

function hostEvidence(host: string): Evidence | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  if (
    /(?:^|\.)(?:example(?:\.(?:com|org|net))?|test|invalid|your-?[\w-]*)$|^(?:your|my|some)[-_]?host|^host(?:name)?$|^(?:foo|bar|domain\.(?:com|tld))$/.test(
      name,
    )
  ) {
    return evidence('place-example-host', 'the host is an example');
  }
  if (
    name === '' ||
    /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|10\.|192\.168\.|host\.docker\.internal)|\.(?:local|localhost|internal)$/.test(
      name,
    ) ||
    !name.includes('.')
  ) {
    return evidence('place-local', 'the host is this machine or a service name of a compose file');
  }
  return undefined;
}
