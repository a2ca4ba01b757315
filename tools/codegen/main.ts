import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { architecture } from '../architecture/picture.ts';
import { BrokenInput } from './broken-input.ts';
import { hypothesisTable } from './hypothesis-table.ts';
import { formatsPage } from './layouts.ts';
import { ruleTable } from './rule-table.ts';
import { schemaFiles } from './schema-files.ts';
import { units } from './units.ts';

const ROOT = new URL('../../', import.meta.url);
/** Nothing is written: a stale file fails the check, whether or not it is under version control yet. */
const CHECK = process.argv.includes('--check');

const current = (file: string) => (existsSync(new URL(file, ROOT)) ? readFileSync(new URL(file, ROOT), 'utf8') : undefined);

/** Writes what differs from the files that are there; tells which did. */
function settle(outputs: ReadonlyMap<string, string>): string[] {
  const stale = [...outputs].filter(([file, text]) => current(file) !== text);
  for (const [file, text] of CHECK ? [] : stale) {
    mkdirSync(new URL('.', new URL(file, ROOT)), { recursive: true });
    writeFileSync(new URL(file, ROOT), text);
  }
  return stale.map(([file]) => file);
}

try {
  // In this order: the schemas of a report name the causes, which the step before may just have written.
  const stale = settle(units(ROOT));
  stale.push(...settle(await schemaFiles(ROOT)));
  stale.push(...settle(await ruleTable(ROOT)));
  stale.push(...settle(await hypothesisTable(ROOT)));
  stale.push(
    ...settle(
      new Map([
        ['ARCHITECTURE.md', architecture(ROOT)],
        ['docs/formats.md', formatsPage(ROOT)],
      ]),
    ),
  );
  if (CHECK && stale.length > 0) throw new BrokenInput('Run `npm run gen`. Out of date', stale.join(', '));
} catch (error) {
  if (!(error instanceof BrokenInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
