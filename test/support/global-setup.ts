import { lefthookProgram, preCommitFramework } from './hook-managers.ts';
import { nodesUnderTest } from './nodes.ts';

/** Once before all tests, so that two workers never install the same program at a time. */
export default function setup(): void {
  preCommitFramework();
  lefthookProgram();
  nodesUnderTest();
}
