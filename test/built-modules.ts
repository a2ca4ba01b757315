import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vitest/config';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src/');

/**
 * Gives tests the modules that were built last, and Node loads those itself: to transform the sources and to reach each export through a
 * getter took a fifth of the processor's time. Their own data is not built, and is taken from its source.
 */
export const builtModules: Plugin = {
  name: 'built-modules',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (/^#(?!test\/).*\.test-data$/.test(source)) return join(SRC, `${source.slice(1)}.ts`);
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    if (!found?.id.startsWith(SRC) || !found.id.endsWith('.ts')) return found;
    const built = join(ROOT, 'dist', found.id.slice(SRC.length).replace(/ts$/, 'js'));
    return existsSync(built) ? built : found;
  },
};

/** What Node loads itself; of packages Vitest knows. */
export const BUILT = /^(?!.*\/node_modules\/).*\/dist\/.*\.js$/;
