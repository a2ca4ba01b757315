import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '#core/package-root';
import { KEPT, renderFixture } from './goldens.ts';

const root = fileURLToPath(PACKAGE_ROOT);

for (const name of KEPT) {
  const texts = await renderFixture(root, name);
  const folder = join(root, 'reports', name);
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of texts) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
