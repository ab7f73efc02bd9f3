import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { collectGit } from '../git/run.ts';
import { dryRun } from './dry-run.ts';
import type { GlobalHooks } from './global.ts';
import { globalStatus } from './global.ts';
import type { HookStatus, InstallOptions, Manager, Site } from './manager.ts';

/** One line of the doctor's report. */
export interface Check {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly name: string;
  readonly text: string;
  readonly fix?: string;
}

export interface Patient {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly site: Site;
  readonly manager: Manager;
  readonly why: string;
  readonly global: GlobalHooks;
  /** `re2` or what stands in for it. */
  readonly engine: string;
  readonly version: string;
}

/** Everything that can keep a hook from doing its work, each with what to do. */
export async function examine(patient: Patient, options: InstallOptions): Promise<readonly Check[]> {
  const { site, manager, env } = patient;
  const { program } = options;
  const checks: Check[] = [
    { level: 'ok', name: 'keepmum', text: `${patient.version}, ${program.entry}` },
    { level: 'ok', name: 'node', text: `${process.versions.node}, ${program.node}` },
    patient.engine === 're2'
      ? { level: 'ok', name: 'patterns', text: 're2' }
      : { level: 'ok', name: 'patterns', text: `${patient.engine} (same results as re2, slower)` },
    {
      level: 'ok',
      name: 'git',
      text: (await collectGit(['version'], { cwd: patient.cwd }))
        .toString()
        .trim()
        .replace(/^git version /, ''),
    },
    { level: 'ok', name: 'hooks of', text: `${manager.name} (${patient.why}), ${site.hooksDir}` },
  ];
  const local = manager.status(site, options);
  const useGlobal = patient.global.active && manager.name === 'git' && site.hooksDir === patient.global.dir;
  const statuses = useGlobal ? globalStatus(patient.global, options) : local;
  const hookChecks = statuses.map(checkOf);
  const none = statuses.every(({ state }) => state === 'none' || state === 'foreign');
  checks.push(...hookChecks);
  checks.push(...shadowed(patient));
  if (env['KEEPMUM_SKIP'] !== undefined && !['', '0'].includes(env['KEEPMUM_SKIP'])) {
    checks.push({
      level: 'fail',
      name: 'bypass',
      text: 'KEEPMUM_SKIP is set in this environment: every hook is skipped',
      fix: 'unset KEEPMUM_SKIP',
    });
  }
  const how = manager.name === 'git' ? 'git' : 'shared';
  const run = await dryRun(program, how, site, env);
  checks.push(
    run.blocked === undefined
      ? {
          level: 'fail',
          name: 'dry run',
          text: `no throw-away repository could be made: ${run.detail}`,
          fix: 'check that git works and the temporary folder is writable',
        }
      : !run.blocked
        ? {
            level: 'fail',
            name: 'dry run',
            text: `a made-up secret was not found${run.detail === '' ? '' : `: ${run.detail}`}`,
            fix: 'install keepmum again, then run `keepmum install`',
          }
        : !run.cleanPassed
          ? {
              level: 'fail',
              name: 'dry run',
              text: `a harmless commit was stopped: ${run.detail}`,
              fix: 'run `keepmum scan --staged` to see why',
            }
          : {
              level: 'ok',
              name: 'dry run',
              text: `a made-up secret was stopped, a harmless commit passed${none ? ' (no hook is installed here yet)' : ''}`,
            },
  );
  return checks;
}

function checkOf({ hook, state, detail, fix }: HookStatus): Check {
  // Without the first, commits are not checked at all; the others are further nets.
  const level = state === 'ours' ? 'ok' : state === 'broken' || hook === 'pre-commit' ? 'fail' : 'warn';
  return { level, name: hook, text: detail, ...(fix !== undefined && { fix }) };
}

/** Hooks that are there and that git never starts. */
function shadowed({ site, global, manager }: Patient): Check[] {
  const checks: Check[] = [];
  const own = site.hooksPaths.filter(({ scope }) => scope === 'local' || scope === 'worktree').at(-1);
  if (own !== undefined && global.active) {
    checks.push({
      level: 'warn',
      name: 'shadow',
      text: `this repository's core.hooksPath (${own.value}) hides the global hooks in ${global.dir}`,
      fix: `run \`keepmum install ${manager.name}\` here as well`,
    });
  }
  const standard = join(site.commonDir, 'hooks');
  if (
    site.hooksPaths.length > 0 &&
    site.hooksDir !== standard &&
    !(global.own && site.hooksDir === global.dir) &&
    existsSync(standard)
  ) {
    const hidden = readdirSync(standard).filter((name) => !name.endsWith('.sample') && !name.includes('.'));
    if (hidden.length > 0) {
      checks.push({
        level: 'warn',
        name: 'shadow',
        text: `core.hooksPath hides ${hidden.slice(0, 5).join(', ')} in ${standard}`,
        fix: 'run `git config --unset core.hooksPath`, or move these hooks to where git looks',
      });
    }
  }
  return checks;
}
