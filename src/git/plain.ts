import { spawn } from 'node:child_process';

/** What a finished git process gave. `code` is `null` where it could not be started or was ended. */
export interface PlainResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Git as the user's shell would run it, their hooks and settings included, where that is the point:
 * proving that a hook works. Only for repositories that we made ourselves; `env` is all that git sees.
 */
export function plainGit(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<PlainResult> {
  return new Promise((resolve) => {
    const child = spawn('git', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.once('error', () => {
      resolve({ code: null, stdout, stderr });
    });
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
