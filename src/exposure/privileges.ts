import { SEVERITIES } from '../core/finding.ts';
import type { Cell, ExposedSecret, Privilege } from './exposure-map.ts';
import { isOpen, WIDEST_FIRST } from './width.ts';

/**
 * What an assistant could do: the secrets that it could read, by provider, holder and stage. Worst first.
 * @param cells in the order of `secrets`
 */
export function privilegesOf(secrets: readonly ExposedSecret[], cells: readonly Cell[]): Privilege[] {
  const groups = new Map<string, number[]>();
  for (const [index, { power }] of secrets.entries()) {
    if (!isOpen(cells[index]?.verdict ?? 'not-applicable')) continue;
    const key = JSON.stringify([power.provider, power.holder, power.stage]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return [...groups.values()]
    .map((group) => privilegeOf(group, secrets, cells))
    .toSorted(
      (a, b) =>
        SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
        b.secrets.length - a.secrets.length ||
        (a.provider < b.provider ? -1 : a.provider > b.provider ? 1 : (a.secrets[0] ?? 0) - (b.secrets[0] ?? 0)),
    );
}

function privilegeOf(group: readonly number[], secrets: readonly ExposedSecret[], cells: readonly Cell[]): Privilege {
  const own = group.flatMap((index) => secrets[index] ?? []);
  const [first] = own as [ExposedSecret, ...ExposedSecret[]]; // a group has one at least
  const verdicts = new Set(group.map((index) => cells[index]?.verdict));
  const lifetimes = new Set(own.map(({ power }) => power.lifetime));
  const worst = Math.max(...own.map(({ severity }) => SEVERITIES.indexOf(severity)));
  return {
    provider: first.power.provider,
    ...(first.power.holder !== undefined && { holder: first.power.holder }),
    grants: [...new Set(own.map(({ power }) => power.grants))],
    stage: first.power.stage,
    lifetime: lifetimes.has('long') ? 'long' : lifetimes.has('unknown') ? 'unknown' : 'short',
    severity: SEVERITIES[worst] ?? 'high',
    verdict: WIDEST_FIRST.find((one) => verdicts.has(one)) ?? 'not-applicable',
    secrets: group,
    places: own.reduce((sum, { places }) => sum + places.length, 0),
  };
}
