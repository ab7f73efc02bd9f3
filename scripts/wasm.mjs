// Compiles the AssemblyScript of src/wasm.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';

/** The bytes of the module that `src/wasm/NAME.ts` describes. */
export async function buildWasm(root, staging, name) {
  await mkdir(staging, { recursive: true });
  const out = join(staging, `${name}.wasm`);
  const files = [join(root, 'src', 'wasm', `${name}.ts`), '--outFile', out];
  const options = ['-O3', '--enable', 'simd', '--noAssert', '--runtime', 'stub', '--initialMemory', '1'];
  const { error } = await main([...files, ...options], { stderr: process.stderr });
  if (error) throw new Error('src/wasm does not compile', { cause: error });
  return readFile(out);
}
