import { afterAll, onTestFinished } from 'vitest';
import { temporaryRepository, type RepositoryOptions, type TemporaryRepository } from './repository.ts';
import type { StagedCase } from './staged-cases.ts';

/** A repository that is there until the test that asks for it has ended. */
export function repository(options?: RepositoryOptions): TemporaryRepository {
  const repo = temporaryRepository(options);
  onTestFinished(() => {
    repo.remove();
  });
  return repo;
}

/** The repositories of cases, each made once for all tests of the file: scanning changes nothing, which they check. */
export function preparedCases(planted: string): (item: StagedCase) => TemporaryRepository {
  const prepared = new Map<StagedCase, TemporaryRepository>();
  afterAll(() => {
    for (const repo of prepared.values()) repo.remove();
  });
  return (item) => {
    let repo = prepared.get(item);
    if (repo === undefined) {
      repo = temporaryRepository();
      prepared.set(item, repo);
      item.setup(repo, planted);
    }
    return repo;
  };
}
