import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { PACKAGE_ROOT } from '#core/package-root';
import { KEPT, keptOf } from './goldens.ts';

const root = fileURLToPath(PACKAGE_ROOT);

for (const name of KEPT) {
  const texts = await keptOf(name, await runAnalysis(join(root, 'fixtures', name), {}, NO_CORRECTION, () => {}));
  const folder = join(root, 'reports', name);
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of texts) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
