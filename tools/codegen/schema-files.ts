import { existsSync } from 'node:fs';
import { z } from 'zod';
import { compiled } from './compiled.ts';

const NATIVE = './src/input/formats/native-requests/schema.ts';

/** The JSON Schemas of the tree under `root`: file to text. They name the causes. */
export async function schemaFiles(root: URL): Promise<ReadonlyMap<string, string>> {
  const native = existsSync(new URL(NATIVE, root));
  const contents = [
    "import { schemas } from './tools/codegen/schemas.ts';",
    native ? `import { NativeRequest } from '${NATIVE}';` : '',
    `export default schemas(${native ? 'NativeRequest' : ''});`,
  ].join('\n');
  return z.object({ default: z.map(z.string(), z.string()) }).parse(await compiled(root, contents, 'schemas.js')).default;
}
