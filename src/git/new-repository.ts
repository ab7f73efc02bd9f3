import { collectGit } from './run.ts';

/** Whoever runs it: commits need a name, and none that is a person's. */
const IDENTITY: readonly string[] = ['-c', 'user.name=keepmum', '-c', 'user.email=keepmum@localhost'];
/** What the settings of a user could add: signatures, other line ends. */
const PLAIN: readonly string[] = [
  '-c',
  'commit.gpgSign=false',
  '-c',
  'core.autocrlf=false',
  '-c',
  'core.safecrlf=false',
];

/** A repository of our own, in a folder that is there. Hooks and templates of the user do not count in it. */
export class NewRepository {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws {GitError} */
  static async create(folder: string): Promise<NewRepository> {
    const made = new NewRepository(folder);
    await made.#git(['init', '--quiet', '--template=', '--initial-branch=main']);
    return made;
  }

  /** Everything but what is ignored, in one commit, which may have nothing in it. */
  async commit(message: string): Promise<void> {
    await this.#git(['add', '--all']);
    await this.#git(['commit', '--quiet', '--no-verify', '--allow-empty', '--message', message]);
  }

  /** Out of the index and the working tree. */
  async remove(paths: readonly string[]): Promise<void> {
    if (paths.length > 0) await this.#git(['rm', '--quiet', '--', ...paths]);
  }

  /** Everything that is not committed, and not ignored, away into a stash. */
  async stash(): Promise<void> {
    await this.#git(['add', '--all']);
    await this.#git(['stash', 'push', '--quiet']);
  }

  async #git(args: readonly string[]): Promise<Buffer> {
    return collectGit([...IDENTITY, ...PLAIN, ...args], { cwd: this.#folder, otherRepository: true });
  }
}
