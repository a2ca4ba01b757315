import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { z } from 'zod';

const NATIVE = './src/input/formats/native-requests/schema.ts';

/**
 * The JSON Schemas of the tree under `root`: file to text. They name the causes, so they are compiled anew from its source, after that may
 * have been generated: what this program was compiled with may be older.
 */
export async function schemaFiles(root: URL): Promise<ReadonlyMap<string, string>> {
  const native = existsSync(new URL(NATIVE, root));
  const outfile = new URL('dist/tools/schemas.js', root);
  await build({
    stdin: {
      contents: [
        "import { schemas } from './tools/codegen/schemas.ts';",
        native ? `import { NativeRequest } from '${NATIVE}';` : '',
        `export default schemas(${native ? 'NativeRequest' : ''});`,
      ].join('\n'),
      resolveDir: fileURLToPath(root),
      loader: 'ts',
    },
    outfile: fileURLToPath(outfile),
    bundle: true,
    packages: 'external',
    conditions: ['source'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  return z.object({ default: z.map(z.string(), z.string()) }).parse(await import(outfile.href)).default;
}
