import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CAUSE_LOOK, DRAWN_CAUSES } from '#report/render/charts/palette';
import { CAUSES, CAUSES_BY_FLAG } from '#schema/causes';
import { evidence } from '#trace/queries/index.gen';
import { readCauses } from '../tools/codegen/read-causes.ts';
import { THOROUGH } from './thorough.ts';

const REPOSITORY = join(import.meta.dirname, '..');
const COPIED = ['package.json', 'tsconfig.json', 'ARCHITECTURE.md', 'src', 'queries', 'schemas', 'tools', 'docs'];
const BUNDLED: BuildOptions = {
  bundle: true,
  packages: 'external',
  conditions: ['source'],
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
};

let tree = '';
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
};

/** The generator of the tree, as `npm run gen` runs it. */
const gen = (...args: string[]) => spawnSync(process.execPath, ['dist/tools/codegen.js', ...args], { cwd: tree, encoding: 'utf8' });

const Registered = z.object({
  causes: z.array(z.string()),
  titles: z.record(z.string(), z.string()),
  shown: z.record(z.string(), z.array(z.object({ query: z.string(), shows: z.string() }))),
  looks: z.record(z.string(), z.object({ light: z.string(), shape: z.string() })),
  drawn: z.array(z.string()),
  sustained: z.array(z.string()),
  faults: z.record(z.string(), z.string()),
  detectors: z.record(z.string(), z.array(z.string())),
  importers: z.array(z.string()),
  queries: z.array(z.string()),
});

/** What the program of the tree knows: its source is compiled and run. */
function registered(): z.infer<typeof Registered> {
  const outfile = join(tree, 'dist/registered.js');
  const contents = `
    import { Cause, CAUSE_EVIDENCE, CAUSE_OF_FAULT, CAUSE_TEXT, CAUSES_BY_FLAG } from '#schema/causes';
    import { CAUSE_LOOK, DRAWN_CAUSES } from '#report/render/charts/palette';
    import { detectors } from '#diagnosis/causes/index.gen';
    import { importers } from '#input/formats/index.gen';
    import { evidence } from '#trace/queries/index.gen';
    console.log(JSON.stringify({
      causes: Cause.options,
      titles: Object.fromEntries(Object.entries(CAUSE_TEXT).map(([id, text]) => [id, text.title])),
      shown: CAUSE_EVIDENCE,
      looks: CAUSE_LOOK,
      drawn: DRAWN_CAUSES,
      sustained: CAUSES_BY_FLAG.sustained,
      faults: CAUSE_OF_FAULT,
      detectors: Object.fromEntries(detectors.map(d => [d.cause, d.needs])),
      importers: importers.map(i => i.id),
      queries: Object.keys(evidence),
    }));`;
  buildSync({ ...BUNDLED, stdin: { contents, resolveDir: tree, loader: 'ts' }, outfile });
  return Registered.parse(JSON.parse(execFileSync(process.execPath, [outfile], { cwd: tree, encoding: 'utf8' })));
}

const CAUSE = {
  order: 95,
  title: 'Memory scrubbing',
  meaning: 'The GPU was mending its memory.',
  advice: 'Replace the GPU.',
  plainly: 'memory that was being mended slowed',
  action: 'Replace the GPU.',
  why: 'A row of memory was remapped meanwhile.',
  needs: ['kernel', 'gpu samples'],
  evidence: [{ query: 'kernel_time', shows: 'the longest kernels of this time' }],
  flags: ['sustained'],
  look: { hue: 'blue', shape: 'diamond' },
  faults: ['row_remap'],
};
const DETECTOR = `import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'memory-scrubbing',
  precedence: 67,
  attributeLoss: loss => (loss.kind === 'slow' ? { subject: 'row 1', confidence: 'low' } : undefined),
});
`;
const IMPORTER = `// Format: nowhere
import { defineImporter } from '../define.ts';

export default defineImporter({
  id: 'pretend-tool',
  kind: 'summary',
  title: 'pretend tool',
  sniff: head => head.startsWith('pretend'),
  parse: () => {
    throw new Error('only pretends');
  },
});
`;
const QUERY = `-- Kernels that ran, counted.
--
-- @reads   kernel
-- @column  kernels  integer  How many.
SELECT count(*) AS kernels
FROM kernel
`;
const QUERY_CASES = `# No kernel, none counted.
given kernel
start_ns | end_ns
expect
kernels
0
`;

beforeAll(() => {
  tree = realpathSync(mkdtempSync(join(tmpdir(), 'forensics-new-unit-')));
  for (const part of COPIED)
    cpSync(join(REPOSITORY, part), join(tree, part), { recursive: true, filter: file => !file.endsWith('.test.ts') });
  symlinkSync(realpathSync(join(REPOSITORY, 'node_modules')), join(tree, 'node_modules'));
  buildSync({ ...BUNDLED, entryPoints: [join(tree, 'tools/codegen/main.ts')], outfile: join(tree, 'dist/tools/codegen.js') });
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** One run of the generator for all three: each takes a second. */
describe('a new unit of each kind', () => {
  let checked: ReturnType<typeof gen>;
  let generated: ReturnType<typeof gen>;
  let after: ReturnType<typeof registered>;
  beforeAll(() => {
    write('src/diagnosis/causes/memory-scrubbing/cause.json', JSON.stringify(CAUSE));
    write('src/diagnosis/causes/memory-scrubbing/detector.ts', DETECTOR);
    write('src/input/formats/pretend-tool/importer.ts', IMPORTER);
    write('src/input/formats/pretend-tool/layouts.json', JSON.stringify({ versions: [{ version: '1', proof: 'layout' }], not_read: [] }));
    write('queries/evidence/kernel_count.sql', QUERY);
    write('queries/evidence/kernel_count.cases', QUERY_CASES);
    checked = gen('--check');
    generated = gen();
    after = registered();
  });

  test('is generated without a word', () => expect(generated).toMatchObject({ status: 0, stderr: '' }));

  test('a new cause is one folder', () => {
    // A folder that the generated files do not know yet fails the check, which names them all.
    const { status, stderr } = checked;
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Run `npm run gen`\. Out of date: .*src\/schema\/causes\.gen\.ts, src\/diagnosis\/causes\/index\.gen\.ts.*\n$/);
    // It stands where its order puts it, and moves nothing else.
    expect(after.causes).toEqual(CAUSES.flatMap(c => (c === 'clock-throttle' ? ['memory-scrubbing', c] : [c])));
    expect(after.drawn.filter(c => c !== 'memory-scrubbing')).toEqual(DRAWN_CAUSES);
    expect(after.titles['memory-scrubbing']).toBe('Memory scrubbing');
    expect(after.shown['memory-scrubbing']).toEqual(CAUSE.evidence);
    expect(after.looks['memory-scrubbing']).toEqual({ light: CAUSE_LOOK['host-compute'].light, shape: 'diamond' });
    expect(after.sustained).toEqual(CAUSES_BY_FLAG.sustained.flatMap(c => (c === 'clock-throttle' ? ['memory-scrubbing', c] : [c])));
    expect(after.faults).toMatchObject({ row_remap: 'memory-scrubbing' });
    expect(after.detectors['memory-scrubbing']).toEqual(['kernel', 'gpu samples']);
    // The schema of reports names it too: it was compiled after the causes were written.
    expect(readFileSync(join(tree, 'schemas/forensics.report-1.schema.json'), 'utf8')).toContain('"memory-scrubbing"');
  });

  test('a new importer is one folder', () => {
    expect(after.importers).toContain('pretend-tool');
  });

  test('a new query is one file beside its cases', () => {
    expect(after.queries).toContain('kernel_count');
    expect(readFileSync(join(tree, 'queries/README.md'), 'utf8')).toContain('### `kernel_count`');
  });
});

/** The new units, and what reads what was generated from them: all of the source would take three times as long. */
const CHECKED = [
  'diagnosis/causes/index.gen.ts',
  'input/formats/pretend-tool/importer.ts',
  'report/build/evidence.ts',
  'report/render/charts/palette.ts',
];
test('the check is content with all three', () => expect(gen('--check')).toMatchObject({ status: 0, stderr: '' }));

if (!THOROUGH) process.stderr.write('*** LEFT OUT without FORENSICS_ALL_RUNS=1: the types of new units. ***\n');
test.runIf(THOROUGH)('types hold with all three', () => {
  const config = { extends: './tsconfig.json', include: ['src/**/*.d.ts'], files: CHECKED.map(file => `src/${file}`) };
  write('tsconfig.units.json', JSON.stringify(config));
  const tsc = join(tree, 'node_modules/.bin/tsc');
  expect(spawnSync(tsc, ['-p', 'tsconfig.units.json', '--noEmit'], { cwd: tree, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: '',
  });
});

describe('a cause that cannot be used is refused in one sentence that names its file', () => {
  const FILE = 'src/diagnosis/causes/zz-broken/cause.json';
  const QUERIES = new Set(Object.keys(evidence));
  const good = { ...CAUSE, order: 96, faults: [] };
  const refusal = (text: string) => {
    write(FILE, text);
    try {
      return readCauses(pathToFileURL(`${tree}/`), QUERIES);
    } catch (error) {
      return error instanceof Error ? error.message.replace(`${FILE}: `, '') : error;
    }
  };
  afterAll(() => rmSync(join(tree, dirname(FILE)), { recursive: true }));
  test.each([
    ['no JSON', '{', /^Expected property name/],
    ['a word too few', JSON.stringify({ ...good, advice: undefined }), /^advice: Invalid input/],
    ['a word too many', JSON.stringify({ ...good, colour: 'red' }), /^Unrecognized key: "colour"$/],
    ['a flag that nobody knows', JSON.stringify({ ...good, flags: ['slow'] }), /^flags\.0: Invalid option/],
    ['a hue that nobody knows', JSON.stringify({ ...good, look: { hue: 'teal', shape: 'diamond' } }), /^look\.hue: Invalid option/],
    ['a taken place', JSON.stringify({ ...good, order: 10 }), /^order 10 is that of host-compute$/],
    ['a taken fault', JSON.stringify({ ...good, faults: ['cpu_stall'] }), /^the fault cpu_stall is that of host-compute$/],
    [
      'a query that is not there',
      JSON.stringify({ ...good, evidence: [{ query: 'nothing', shows: 'x' }] }),
      /^queries\/evidence has no nothing\.sql$/,
    ],
  ])('%s', (_, text, words) => expect(refusal(text)).toMatch(words));
});
