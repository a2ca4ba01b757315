import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { catalogue } from './catalogue.ts';
import { evidenceIndex } from './evidence-index.ts';
import { queriesOf } from './queries.ts';
import { registry } from './registry.ts';
import { schemas } from './schemas.ts';

const ROOT = new URL('../../', import.meta.url);
const prelude = queriesOf(ROOT, 'prelude');
const evidence = queriesOf(ROOT, 'evidence');

const outputs = new Map([
  ['src/trace/queries/index.gen.ts', evidenceIndex(prelude, evidence)],
  ['src/diagnosis/causes/index.gen.ts', registry(ROOT, 'diagnosis/causes', 'detector.ts', 'detectors')],
  ['src/input/formats/index.gen.ts', registry(ROOT, 'input/formats', 'importer.ts', 'importers')],
  ['src/audit/checks/index.gen.ts', registry(ROOT, 'audit/checks', 'check.ts', 'checks')],
  ['queries/README.md', catalogue(prelude, evidence)],
  ...(await schemas(ROOT)),
]);

const current = (file: string) => (existsSync(new URL(file, ROOT)) ? readFileSync(new URL(file, ROOT), 'utf8') : undefined);
const stale = [...outputs].filter(([file, text]) => current(file) !== text);

// With --check nothing is written: a stale file fails the check, whether or not it is under version control yet.
if (process.argv.includes('--check')) {
  if (stale.length > 0) throw new Error(`Run \`npm run gen\`. Out of date: ${stale.map(([file]) => file).join(', ')}`);
} else {
  mkdirSync(new URL('schemas/', ROOT), { recursive: true });
  for (const [file, text] of stale) writeFileSync(new URL(file, ROOT), text);
}
