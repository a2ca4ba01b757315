import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * What a module of the tree under `root` gives, compiled anew from its source: what this program was compiled with may be older than what was just generated.
 * @param contents its text, which imports from the root
 * @param name of the file that it is compiled to
 */
export async function compiled(root: URL, contents: string, name: string): Promise<unknown> {
  const outfile = new URL(`dist/tools/${name}`, root);
  await build({
    stdin: { contents, resolveDir: fileURLToPath(root), loader: 'ts' },
    outfile: fileURLToPath(outfile),
    bundle: true,
    packages: 'external',
    conditions: ['source'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  return import(outfile.href);
}
