import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
/** What the project keeps; what a user's folder may hold is not here. */
const OURS = 'src|queries|test|tools|bench|docs|fixtures|reports|schemas|workloads';

const documents = ['', 'docs', 'docs/decisions', 'fixtures', 'queries', 'workloads'].flatMap(folder =>
  readdirSync(join(ROOT, folder))
    .filter(file => file.endsWith('.md'))
    .map(file => join(folder, file)),
);

test.each(documents)('%s names only what is there', document => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#\s]+)/g)]
    .map(m => m[1] ?? '')
    .filter(link => !/^[a-z]+:/.test(link))
    .map(link => ({ named: link, path: join(ROOT, dirname(document), link) }));
  // A name with a blank to fill in, as in `src/input/formats/<format>/importer.ts`, is a pattern.
  const paths = [...text.matchAll(new RegExp(`\`((?:${OURS})/[\\w./-]*)\``, 'g'))].map(m => ({
    named: m[1] ?? '',
    path: join(ROOT, m[1] ?? ''),
  }));
  expect([...links, ...paths].filter(({ path }) => !existsSync(path)).map(({ named }) => named)).toEqual([]);
});

/** What people meet: each has a heading, found by one of its words. */
const MET =
  'nsys is not found|permitted|perf paranoid|ptrace|containers|no GPU|No GPU samples|No kernels|not exported|locked|WAL|clocks differ|time zone|Several processes|cannot tell|empty|too large|Exit codes'.split(
    '|',
  );

test('docs/troubleshooting.md has a heading for all that people meet, and quotes the program as it speaks', () => {
  const said = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter(e => e.isFile() && e.name.endsWith('.ts') && !e.name.endsWith('.test.ts'))
    .map(e => readFileSync(join(e.parentPath, e.name), 'utf8'))
    .join('\n');
  const text = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');
  const headings = [...text.matchAll(/^##+ (.+)$/gm)].map(m => m[1] ?? '').join('\n');
  expect(MET.filter(words => !headings.includes(words))).toEqual([]);
  const quoted = [...text.matchAll(/^Says: (.+)$/gm)].flatMap(m => [...(m[1] ?? '').matchAll(/`([^`]+)`/g)].map(q => q[1] ?? ''));
  expect(quoted.length).toBeGreaterThan(30);
  expect(quoted.filter(words => !said.includes(words))).toEqual([]);
});

test('README.md comes to a first result within a screen, and holds no table of scores', () => {
  const lines = readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n');
  const SCREEN = 30;
  expect(lines.findIndex(l => l.includes('npm run demo'))).toBeLessThan(SCREEN);
  expect(lines.filter(l => l.includes('AC@1'))).toEqual([]);
  expect(lines.filter(l => l.includes('docs/accuracy.md'))).toHaveLength(1);
});

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

test('README.md and docs/troubleshooting.md send whoever is in a hurry to docs/right-now.md, above all else', () => {
  for (const file of ['README.md', 'docs/troubleshooting.md']) {
    const text = read(file);
    expect(text.indexOf('right-now.md')).toBeLessThan(text.split('\n').slice(0, 6).join('\n').length);
  }
});

test('the exit codes in docs/troubleshooting.md are of all commands', () => {
  const codes = read('docs/troubleshooting.md').split('## Exit codes')[1]?.split('\n## ')[0] ?? '';
  const commands = readdirSync(join(ROOT, 'src/cli/commands')).flatMap(file => /^([a-z]+)\.ts$/.exec(file)?.[1] ?? []);
  expect(commands.length).toBeGreaterThan(15);
  expect(commands.filter(name => !new RegExp(`\`${name}\\b`).test(codes))).toEqual([]);
});

/** Where a severity is decided: file, constant, and the row and column of docs/severity.md that tell it. */
const LIMITS = [
  ['findings', 'HIGH', 'a cause of slow requests', 'high'],
  ['findings', 'MEDIUM', 'a cause of slow requests', 'medium'],
  ['chronic-losses', 'WORTH', '`chronic-…`', 'medium'],
  ['chronic-findings', 'IDLE_WORTH', '`chronic-…`', 'medium'],
  ['parallel/late-ranks', 'MEDIUM', '`collective-wait`', 'medium'],
  ['training/causes', 'HIGH', '`training-…`', 'high'],
  ['training/causes', 'MEDIUM', '`training-…`', 'medium'],
  ['client-side', 'WORTH_SAYING', '`late-sends`', 'low'],
] as const;

test.each(LIMITS)('docs/severity.md tells the limit %s.ts has as %s', (file, constant, row, column) => {
  const [, share] =
    new RegExp(`const ${constant}: Share = ([\\d.]+);|const ${constant} = ([\\d.]+);`)
      .exec(read(`src/report/build/${file}.ts`))
      ?.filter(Boolean) ?? [];
  const line = read('docs/severity.md')
    .split('\n')
    .find(l => l.startsWith(`| ${row}`));
  const cell = line?.split('|')[['high', 'medium', 'low'].indexOf(column) + 2];
  expect(cell).toMatch(new RegExp(`\\b${100 * Number(share)} %`));
});
