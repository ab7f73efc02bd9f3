import type { Assistant } from '../assistants.ts';
import type { SandboxState } from './configuration.ts';
import { atOf, type Settings } from './reading.ts';

type ReadSandbox = (settings: Settings) => SandboxState;

/** Where the sandbox of an assistant is switched, by its id. Of the others nothing in a repository tells. */
const SANDBOXES: Readonly<Record<string, ReadSandbox>> = {
  // https://code.claude.com/docs/en/sandboxing
  'claude-code': (settings) => {
    const enabled = settings.value('sandbox.enabled');
    if (enabled?.value !== true) return { state: 'off', text: 'The sandbox is off; sandbox.enabled switches it on.' };
    const fails = settings.value('sandbox.failIfUnavailable')?.value === true;
    const stays = settings.value('sandbox.allowUnsandboxedCommands')?.value === false;
    if (fails && stays) return { state: 'on', text: 'The sandbox is on, and no command leaves it.', ...atOf(enabled) };
    const lacks = [
      ...(fails ? [] : ['failIfUnavailable is not set, so that it may fall away']),
      ...(stays ? [] : ['allowUnsandboxedCommands is not false, so that the model may ask to leave it']),
    ];
    return { state: 'escapable', text: `The sandbox is on, but ${lacks.join(', and ')}.`, ...atOf(enabled) };
  },
  // https://learn.chatgpt.com/docs
  codex: (settings) => {
    const mode = settings.value('sandbox_mode');
    if (mode?.value === 'danger-full-access')
      return { state: 'off', text: 'sandbox_mode switches it off.', ...(mode && atOf(mode)) };
    const policy = settings.value('approval_policy');
    if (policy?.value === 'never') {
      return {
        state: 'on',
        text: 'Commands run in the sandbox, and approval_policy lets none leave it.',
        ...(policy && atOf(policy)),
      };
    }
    return {
      state: 'escapable',
      text: 'Commands run in the sandbox; the user may let one run outside.',
      ...(mode && atOf(mode)),
    };
  },
  'gemini-cli': (settings) => {
    const own = settings.value('security.toolSandboxing');
    if (own?.value === true) return { state: 'on', text: 'security.toolSandboxing is on.', ...(own && atOf(own)) };
    return { state: 'off', text: 'The sandbox is off; security.toolSandboxing switches it on.' };
  },
};

/** Whether commands run in a sandbox here. */
export function sandboxOf({ id, channels }: Assistant, settings: Settings): SandboxState {
  const read = SANDBOXES[id];
  const broken = settings.isUnknown({});
  if (read !== undefined && broken !== undefined) {
    return { state: 'unknown', text: `Whether the sandbox is on is not known: ${broken.file} cannot be read.` };
  }
  if (read !== undefined) return read(settings);
  return channels['shell-sandboxed'].barriers === 'na'
    ? { state: 'off', text: 'It has no sandbox.' }
    : { state: 'unknown', text: 'Whether commands run in a sandbox is not known.' };
}
