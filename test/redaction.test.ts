import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { redactTrace } from '#record/redaction/redact-trace';
import { renderJson } from '#report/render/json';
import { Report } from '#schema/report';
import { PLANTED, plantSecrets } from './planted-secrets.ts';
import { reportOn } from './report-on.ts';
import { failureOf, runCli } from './run-cli.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';
import { THOROUGH } from './thorough.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FIXTURES = join(ROOT, 'fixtures');
/** Captures too large for the repository. Those of `gpu-captures` still hold the environment of the machine that took them. */
const ELSEWHERE = [join(SHARED, 'captures'), join(SHARED, 'public-traces'), resolve(ROOT, '../gpu-captures')];
const ALL = process.env['FORENSICS_ALL'] === '1';
/** Without FORENSICS_ALL: fixtures but these and larger traces are left out, and few are analyzed, which is done twice each. */
const PLANTED_INTO = ['host-compute', 'clean', 'gpu-contention'];
const SMALL_BYTES = 1_000_000;
const ANALYZED = ['host-compute', 'h100_2gpu_1s', ...(THOROUGH ? ['pipe'] : [])];
const PATIENCE = 600_000;

interface Trace {
  readonly name: string;
  readonly file: string;
  /** The folder of the load test and samples that belong to it. */
  readonly folder: string | undefined;
  readonly planted: boolean;
}

function tracesBelow(folder: string, planted: boolean): Trace[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): Trace[] => {
    if (entry.name.endsWith('.sqlite.gz'))
      return [{ name: entry.name.replace('.sqlite.gz', ''), file: join(folder, entry.name), folder: undefined, planted }];
    const file = join(folder, entry.name, 'trace.sqlite.gz');
    return existsSync(file) ? [{ name: entry.name, file, folder: join(folder, entry.name), planted }] : [];
  });
}

const everything = [...tracesBelow(FIXTURES, true), ...ELSEWHERE.flatMap(f => tracesBelow(f, false))];
const chosen = everything.filter(t => ALL || (t.planted ? PLANTED_INTO.includes(t.name) : statSync(t.file).size < SMALL_BYTES));
const analyzed = (t: Trace) => ALL || ANALYZED.includes(t.name);

sayWhatIsMissing('the redaction of their traces was', ...ELSEWHERE);
if (!ALL) {
  const left = everything.filter(t => !chosen.includes(t)).map(t => t.name);
  process.stderr.write(
    `*** LEFT OUT without FORENSICS_ALL=1: redaction of ${left.length} traces; analysis of all copies but ${ANALYZED.join(', ')}. ***\n`,
  );
}

const root = mkdtempSync(join(tmpdir(), 'redaction-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Variables that anyone would keep; this list is the test's own. */
const KEPT = /^(NCCL|CUDA|NVSHMEM|NVIDIA|TORCH|PYTORCH|OMP|UCX)_|^OMPI_MCA_btl/;
/** Shorter values stand in any file by chance. */
const SHORTEST = 5;
const NUL = '\0';

/** Reads by SQL of its own what a trace says of the machine. */
function privateIn(path: string): { values: string[]; who: string[] } {
  const db = new Database(path, { readonly: true });
  const rows = (sql: string): string[] => {
    try {
      return (db.prepare(sql).pluck().all() as unknown[]).filter(v => typeof v === 'string');
    } catch {
      return [];
    }
  };
  const env = [
    ...rows('SELECT value FROM StringIds')
      .filter(v => v.includes(NUL))
      .flatMap(v => v.split(NUL)),
    ...rows(`SELECT value FROM META_DATA_CAPTURE WHERE name LIKE '%ENVIRONMENT%'`).map(v => v.replace(/="(.*)"$/s, '=$1')),
    ...rows(`SELECT value FROM TARGET_INFO_SYSTEM_ENV WHERE name = 'DeviceEnvironment'`).flatMap(v => v.split(';')),
  ].map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const);
  const meta = (table: string, name: string) => rows(`SELECT value FROM ${table} WHERE name LIKE '${name}'`);
  const hosts = [
    ...meta('META_DATA_EXPORT', 'EXPORT_HOST'),
    ...meta('EXPORT_META_DATA', 'EXPORT_HOST'),
    ...meta('META_DATA_CAPTURE', 'DEVICE_DISPLAY_NAME'),
    ...meta('TARGET_INFO_SYSTEM_ENV', 'Hostname'),
  ];
  const users = [
    ...meta('META_DATA_EXPORT', 'EXPORT_USER'),
    ...meta('EXPORT_META_DATA', 'EXPORT_USER'),
    ...meta('META_DATA_CAPTURE', '%USER_NAME'),
  ];
  const named = (pattern: RegExp) => env.filter(([name]) => pattern.test(name)).map(([, value]) => value);
  db.close();
  const open = new Set(named(KEPT));
  return {
    values: [...new Set(env.filter(([name]) => !KEPT.test(name)).map(([, value]) => value))].filter(
      v => v.length >= SHORTEST && !open.has(v),
    ),
    who: [...new Set([...hosts, ...users, ...named(/^(HOME|USER|LOGNAME|HOSTNAME)$/)])].filter(v => v.length > 1 && v !== 'Local (CLI)'),
  };
}

/** Names of functions, kernels and what the profiler did. */
function namesIn(path: string): ReadonlySet<unknown> {
  const db = new Database(path, { readonly: true });
  const names = [
    ['CUPTI_ACTIVITY_KIND_RUNTIME', 'nameId'],
    ['CUPTI_ACTIVITY_KIND_KERNEL', 'demangledName'],
    ['OSRT_API', 'nameId'],
    ['OSRT_CALLCHAINS', 'symbol'],
    ['PROFILER_OVERHEAD', 'nameId'],
  ].flatMap(([table, column]) => db.prepare(`SELECT value FROM StringIds WHERE id IN (SELECT ${column} FROM ${table})`).pluck().all());
  db.close();
  return new Set(names);
}

/** Every text of a trace, and its bytes. */
function everythingIn(path: string): { bytes: Buffer; texts: string[] } {
  const db = new Database(path, { readonly: true });
  const texts = (db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all() as string[]).flatMap(table =>
    (db.prepare('SELECT name, type FROM pragma_table_info(?)').all(table) as { name: string; type: string }[])
      .filter(c => c.type.includes('TEXT'))
      .flatMap(c => db.prepare(`SELECT DISTINCT "${c.name}" FROM "${table}" WHERE "${c.name}" IS NOT NULL`).pluck().all() as string[]),
  );
  db.close();
  return { bytes: readFileSync(path), texts };
}

/** A report less what says which file it is of. */
const unnamed = (report: Report) => ({
  ...report,
  // Files named by hand stand in another order than those found in a folder.
  inputs: report.inputs.filter(i => i.kind !== 'trace').toSorted((a, b) => a.path.localeCompare(b.path)),
  // A copy is called after itself.
  summary: { ...report.summary, title: report.summary.title.split(' · ').slice(1) },
});
async function reportOf(trace: string, folder: string | undefined): Promise<Report> {
  const beside = (file: string) => (folder !== undefined && existsSync(join(folder, file)) ? join(folder, file) : undefined);
  const named = { requests: beside('requests.jsonl'), gpu: [beside('gpu.csv') ?? []].flat(), host: [beside('host.csv') ?? []].flat() };
  return Report.parse(JSON.parse(renderJson(await runAnalysis(trace, named, NO_CORRECTION, () => {}))));
}

/** With FORENSICS_ALL a folder may hold more than the files that are named here, such as the record of its capture. */
const originalOf = (original: string, { folder, file }: Trace) => (ALL ? reportOf(original, folder) : reportOn(folder ?? file));

describe.each(chosen.map(t => [`${basename(resolve(t.file, t.folder === undefined ? '..' : '../..'))}/${t.name}`, t] as const))(
  '%s',
  (name, trace) => {
    const original = join(root, `${name.replace('/', '-')}.sqlite`);
    const copy = original.replace('.sqlite', '.redacted.sqlite');
    beforeAll(async () => {
      writeFileSync(original, gunzipSync(readFileSync(trace.file)));
      if (trace.planted) plantSecrets(original);
      await redactTrace({ from: original, to: copy });
    }, PATIENCE);
    afterAll(() => {
      for (const file of [original, copy]) rmSync(file, { force: true });
    });

    test('a scan of the copy finds no value of the environment, no host, no user and no home', () => {
      const { values, who } = privateIn(original);
      const { bytes, texts } = everythingIn(copy);
      if (trace.planted) expect(values.length).toBeGreaterThan(5);
      const left = values.filter(v => bytes.includes(v) || bytes.includes(Buffer.from(v, 'utf16le')));
      // A word such as x86_64 is left in names that a report shows (dlopen(x.x86_64.so)), and there alone.
      expect(left.filter(v => !/^\w+$/.test(v))).toEqual([]);
      if (left.length > 0) {
        const names = namesIn(original);
        expect(texts.filter(t => left.some(v => t.includes(v)) && !names.has(t))).toEqual([]);
      }
      const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      for (const w of who) {
        if (w.length >= SHORTEST) expect(bytes.includes(w), w).toBe(false);
        const word = new RegExp(`(?<!\\w)${escaped(w)}(?!\\w)`);
        expect(texts.filter(t => word.test(t))).toEqual([]);
      }
    });

    test.runIf(analyzed(trace))(
      'the analysis of the copy is identical',
      async () => {
        expect(unnamed(await reportOf(copy, trace.folder))).toEqual(unnamed(await originalOf(original, trace)));
      },
      PATIENCE,
    );
  },
);

describe('forensics redact', () => {
  const trace = join(root, 'run.sqlite');
  beforeAll(() => {
    writeFileSync(trace, gunzipSync(readFileSync(join(FIXTURES, 'host-compute', 'trace.sqlite.gz'))));
    plantSecrets(trace);
  }, PATIENCE);

  test('writes the copy beside the trace and says what it did, without a secret', async () => {
    const { code, stdout, stderr } = await runCli(['redact', trace]);
    expect(code).toBe(0);
    expect(stdout).toContain(join(root, 'run.redacted.sqlite'));
    expect(stdout).toMatch(/bytes of the copy read for \d+ secrets.*none found/);
    expect(stdout).toContain('kept CUDA_VISIBLE_DEVICES, NCCL_DEBUG');
    expect(stderr).toContain('scanning the copy');
    const told = Object.values(PLANTED).filter(v => v.length >= SHORTEST && v !== PLANTED['NCCL_DEBUG']);
    expect(told.filter(v => (stdout + stderr).includes(v))).toEqual([]);
  });
  test('prints JSON alone when asked', async () => {
    const out = join(root, 'json.sqlite');
    const { code, stdout } = await runCli(['redact', trace, '--out', out, '--keep-env', 'TERM', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ copy: out, found: 0, variables: { kept: ['CUDA_VISIBLE_DEVICES', 'NCCL_DEBUG', 'TERM'] } });
  });
  test('refuses to write over a file and to read a report, in one sentence with a hint each', async () => {
    writeFileSync(join(root, 'run.nsys-rep'), 'report');
    const before = readdirSync(root).sort();
    expect(failureOf(await runCli(['redact', trace, '--out', trace])).sentence).toContain('never changed');
    expect(failureOf(await runCli(['redact', join(root, 'run.nsys-rep')])).hint).toContain('nsys export --type sqlite');
    expect(readdirSync(root).sort()).toEqual(before);
  });
});
