import { CONFIDENCES, SEVERITIES, type Finding } from '../core/finding.ts';
import { STANDINGS, type ExposedSecret, type Place, type Standing } from './exposure-map.ts';
import { powerOf } from './power.ts';

/** A finding and how its place lies to the repository. */
export interface Sighting {
  readonly finding: Finding;
  readonly place: Place;
}

/** Those in front are told first. */
const ORDER = Object.keys(STANDINGS) as readonly Standing[];

/**
 * What was seen in several places is one secret. Worst first: by severity, confidence, place. A finding about a file
 * as such goes where the file's values are secrets of their own.
 */
export function gatherSecrets(sightings: readonly Sighting[]): ExposedSecret[] {
  const told = new Set(sightings.filter(({ finding }) => !isAboutFile(finding)).map(({ place }) => placeOf(place)));
  const groups = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const { finding, place } = sighting;
    if (isAboutFile(finding) && told.has(placeOf(place))) continue;
    const group = groups.get(finding.fingerprint);
    if (group === undefined) groups.set(finding.fingerprint, [sighting]);
    else group.push(sighting);
  }
  return [...groups.values()].map(secretOf).toSorted(worstFirst);
}

/** See `fingerprint.ts`. */
function isAboutFile({ fingerprint }: Finding): boolean {
  return fingerprint.startsWith('km1-f');
}

function placeOf({ standing, path, commit }: Place): string {
  return `${standing}\0${commit ?? ''}\0${path}`;
}

function secretOf(group: readonly Sighting[]): ExposedSecret {
  const sorted = group.toSorted((a, b) => byPlace(a.place, b.place));
  // The strongest finding tells most of what it is.
  const [first] = sorted.toSorted((a, b) => strength(b.finding) - strength(a.finding)) as [Sighting, ...Sighting[]];
  const { finding } = first;
  const powers = sorted.map((one) => powerOf(one.finding));
  // Where one copy lies under a path of production, it is no test key because another lies under tests.
  const stages = new Set(powers.map(({ stage }) => stage));
  const stage = stages.has('production') ? 'production' : stages.has('unknown') ? 'unknown' : 'test';
  return {
    id: finding.fingerprint,
    rule: finding.rule,
    title: finding.title,
    severity: finding.severity,
    confidence: finding.confidence,
    preview: finding.preview,
    identity: finding.identity,
    power: { ...powerOf(finding), stage },
    advice: finding.advice.text,
    ...(finding.advice.rotate !== undefined && { rotate: finding.advice.rotate }),
    places: withoutCopies(sorted.map(({ place }) => place)),
    ...(finding.suppressedBy !== undefined && { suppressedBy: finding.suppressedBy }),
  };
}

function strength({ severity, confidence }: Finding): number {
  return SEVERITIES.indexOf(severity) * CONFIDENCES.length + CONFIDENCES.indexOf(confidence);
}

function withoutCopies(places: readonly Place[]): Place[] {
  const seen = new Set<string>();
  return places.filter((place) => {
    const key = `${placeOf(place)}\0${place.line ?? 0}\0${place.column ?? 0}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function byPlace(a: Place, b: Place): number {
  return (
    ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing) ||
    (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0)
  );
}

function worstFirst(a: ExposedSecret, b: ExposedSecret): number {
  return (
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    CONFIDENCES.indexOf(b.confidence) - CONFIDENCES.indexOf(a.confidence) ||
    byPlace(a.places[0] as Place, b.places[0] as Place) || // never without a place
    (a.id < b.id ? -1 : 1)
  );
}
