import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import type { NamedFiles } from '#app/inputs/load-inputs';
import type { ClockOptions } from '#diagnosis/clock/clock';
import { renderJson } from '#report/render/json';
import { Report } from '#schema/report';
import { failureOf, runCli } from './run-cli.ts';
import { EPOCH_NS, FIRST_ARRIVAL_NS, type SmallCase, writeSmallCase } from './small-case.ts';
import { some } from './thorough.ts';

const PATIENCE = 120_000;
const root = mkdtempSync(join(tmpdir(), 'hostile input '));
const good = join(root, 'good');
const trace = join(good, 'trace.sqlite');
let count = 0;
/** A name in the scratch folder that is not taken. */
const fresh = (name = 'x') => join(root, `${++count}-${name}`);
const file = (name: string, content: string | Buffer) => {
  const path = fresh(name);
  writeFileSync(path, content);
  return path;
};
const caseOf = (options: SmallCase, name = 'case') => {
  const folder = fresh(name);
  writeSmallCase(folder, options);
  return folder;
};

beforeAll(() => {
  writeSmallCase(good);
}, PATIENCE);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Analyzes what cannot be analyzed: one sentence, one hint, exit code 2, nothing written. */
async function refused(...args: string[]): Promise<{ sentence: string; hint: string }> {
  const out = fresh('out');
  const said = failureOf(await runCli(['analyze', ...args, '--out', out]));
  expect(existsSync(out)).toBe(false);
  expect(said.sentence).toMatch(/^[^\n]{10,400}$/);
  expect(said.hint).toMatch(/^[A-Z].*[.)]$/);
  return said;
}

/** Analyzes what is odd but readable, as the command does, less the drawing of a report: other tests draw. */
const accepted = async (path: string, named: NamedFiles = {}, clock: Partial<ClockOptions> = {}): Promise<Report> =>
  Report.parse(JSON.parse(renderJson(await runAnalysis(path, named, { ...NO_CORRECTION, ...clock }, () => {}))));

describe('a trace that is none', () => {
  test('a text file', async () =>
    expect((await refused(file('a.sqlite', 'hello'.repeat(100)))).sentence).toContain('is not a SQLite file'));
  test('an .nsys-rep: the hint says how to export it', async () =>
    expect((await refused(file('a.nsys-rep', Buffer.alloc(5000, 0x4e)))).hint).toContain('nsys export'));
  test('an empty file', async () => expect((await refused(file('empty.sqlite', ''))).sentence).toContain('is empty'));
  test('a file that does not exist', async () =>
    expect((await refused(join(root, 'nowhere.sqlite'))).sentence).toContain('does not exist'));
  test('a database of something else', async () => {
    const path = fresh('other.sqlite');
    const db = new Database(path);
    db.exec('CREATE TABLE customer (name TEXT); INSERT INTO customer VALUES (1)');
    db.close();
    expect((await refused(path)).sentence).toContain('Nsight Systems');
  });
});

describe('a trace that is damaged', () => {
  test('cut off', async () => {
    const whole = readFileSync(trace);
    expect((await refused(file('cut.sqlite', whole.subarray(0, whole.length / 2)))).sentence).toContain('is cut off');
  });
  test('cut off after a few bytes', () => refused(file('cut.sqlite', readFileSync(trace).subarray(0, 40))));
  test('gzipped and cut off', async () => {
    const packed = gzipSync(readFileSync(trace));
    expect((await refused(file('cut.sqlite.gz', packed.subarray(0, packed.length / 2)))).sentence).toContain('cut-off gzip');
  });
  test('gzipped, of something else', async () =>
    expect((await refused(file('a.sqlite.gz', gzipSync('hello')))).sentence).toContain('is not a SQLite file'));
  test('overwritten in the middle', async () => {
    const whole = readFileSync(trace);
    expect(
      (await refused(file('holes.sqlite', Buffer.concat([whole.subarray(0, 8192), Buffer.alloc(whole.length - 8192, 0xff)])))).sentence,
    ).toContain('is damaged');
  });
  test('leaves no unpacked copy behind', async () => {
    const scratch = fresh('tmp');
    mkdirSync(scratch);
    const packed = gzipSync(readFileSync(trace));
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = scratch;
    try {
      failureOf(await runCli(['analyze', file('cut.sqlite.gz', packed.subarray(0, packed.length - 9)), '--out', fresh('out')]));
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
    expect(readdirSync(scratch)).toEqual([]);
  });
});

describe('a folder', () => {
  test('without a trace', async () => {
    const folder = fresh('empty');
    mkdirSync(folder);
    expect((await refused(folder)).sentence).toContain('holds no SQLite export');
  });
  test('with two traces: it names both', async () => {
    const folder = caseOf({});
    cpSync(trace, join(folder, 'second.sqlite'));
    const { sentence } = await refused(folder);
    expect(sentence).toContain('second.sqlite');
    expect(sentence).toContain('trace.sqlite');
  });
  test('with two load tests', async () => {
    const folder = caseOf({});
    cpSync(join(folder, 'requests.jsonl'), join(folder, 'again.jsonl'));
    expect((await refused(folder)).hint).toContain('--requests');
  });
  test(
    'with links that lead nowhere, or round in a circle',
    async () => {
      const folder = caseOf({});
      symlinkSync(join(root, 'gone'), join(folder, 'old.csv'));
      symlinkSync('circle.csv', join(folder, 'circle.csv'));
      expect((await accepted(folder)).incidents).toHaveLength(2);
    },
    PATIENCE,
  );
});

describe('a file named by hand', () => {
  test('that does not exist', async () =>
    expect((await refused(trace, '--requests', join(root, 'nowhere.jsonl'))).sentence).toContain('does not exist'));
  test('that is a folder without such files', async () => {
    const empty = fresh('folder');
    mkdirSync(empty);
    expect((await refused(trace, '--requests', empty)).sentence).toContain('holds no file of requests data');
  });
  test('that is a pipe', async () => {
    const pipe = fresh('pipe');
    execFileSync('mkfifo', [pipe]);
    expect((await refused(trace, '--gpu', pipe)).sentence).toContain('is a pipe or a device, not a file');
    expect((await refused(pipe)).sentence).toContain('is a pipe or a device, not a file');
  });
  test('that is in no known format', async () =>
    expect((await refused(trace, '--gpu', file('notes.txt', 'hello'))).sentence).toContain('no known format'));
  test('that is empty', () => refused(trace, '--requests', file('requests.jsonl', '')));
  test('that holds another kind of data', async () =>
    expect((await refused(trace, '--gpu', join(good, 'host.csv'))).hint).toContain('--host'));
});

describe('a load test that cannot be right', () => {
  const requests = (options: SmallCase) => join(caseOf(options), 'requests.jsonl');
  test('without arrivals: it names file, line and field', async () => {
    const { sentence } = await refused(
      trace,
      '--requests',
      requests({ request: ({ arrival_ns: _, ...rest }, i) => (i === 4 ? rest : { ...rest, arrival_ns: _ }) }),
    );
    expect(sentence).toContain('requests.jsonl, line 5');
    expect(sentence).toContain('arrival_ns');
  });
  test('with a finish before its arrival', async () => {
    const back = requests({ request: f => ({ ...f, finish_ns: (f['arrival_ns'] as bigint) - 5_000_000n }) });
    expect((await refused(trace, '--requests', back)).sentence).toContain('finish_ns');
  });
  test('hours away from the trace', async () => {
    const late = (v: unknown) => (typeof v === 'bigint' ? v + 5n * 3_600_000_000_000n : v);
    const { sentence, hint } = await refused(
      trace,
      '--requests',
      requests({ request: f => Object.fromEntries(Object.entries(f).map(([k, v]) => [k, late(v)])) }),
    );
    expect(sentence).toContain('overlaps the trace');
    expect(hint).toContain('--requests-offset-ms');
  });
  describe('on a clock that counts from its own zero', () => {
    const relative = (zero = 0) =>
      requests({
        request: f => Object.fromEntries(Object.entries(f).map(([k, v]) => [k, typeof v === 'bigint' ? v - EPOCH_NS - BigInt(zero) : v])),
      });
    test('alone', async () => expect((await refused(trace, '--requests', relative())).hint).toContain('--requests-offset-ms'));
    test(
      'with the offset that the hint asks for',
      async () => {
        const report = await accepted(trace, { requests: relative(FIRST_ARRIVAL_NS) }, { requestsOffsetMs: FIRST_ARRIVAL_NS / 1e6 });
        expect(report.requests?.judged).toBeGreaterThan(50);
        expect(report.incidents).toHaveLength(2);
      },
      PATIENCE,
    );
    test('with an offset that leads past the trace', async () => {
      expect((await refused(trace, '--requests', relative(FIRST_ARRIVAL_NS), '--requests-offset-ms', '1e9')).sentence).toContain(
        'overlaps the trace',
      );
    });
  });
  test('against a trace that does not say when it began', async () => {
    const folder = caseOf({});
    const db = new Database(join(folder, 'trace.sqlite'));
    db.exec('DROP TABLE TARGET_INFO_SESSION_START_TIME');
    db.close();
    expect((await refused(folder)).sentence).toContain('when it began');
  });
});

describe('what is odd but readable', () => {
  test(
    'a trace without kernels: it says that it cannot tell, not that all is well',
    async () => {
      const report = await accepted(caseOf({ withKernels: false }));
      expect(report.answer).toContain('holds no GPU work');
      expect(report.cannot_tell).toContain('The trace holds no GPU work.');
      expect(report.detectors.filter(d => d.verdict === 'clear')).toEqual([]);
      expect(report.answer).not.toContain('nothing was found');
    },
    PATIENCE,
  );
  test(
    'a load test that knows neither admission, tokens nor prompts',
    async () => {
      const bare = { scheduled_ns: null, first_token_ns: null, prompt_tokens: null, output_tokens: null, itl_us: null };
      const report = await accepted(caseOf({ request: f => ({ ...f, ...bare }) }));
      expect(report.causes.map(c => c.cause)).toEqual(expect.arrayContaining(['host-compute', 'gpu-contention']));
      expect(report.clock.notes.join(' ')).toContain('No admission is recorded');
    },
    PATIENCE,
  );
  test(
    'GPU samples that are [N/A]: the clock cannot be judged, and the report says so',
    async () => {
      const report = await accepted(caseOf({ gpuClock: '[N/A]' }));
      expect(report.detectors.find(d => d.cause === 'clock-throttle')?.verdict).toBe('cannot-tell');
      expect(report.incidents).toHaveLength(2);
    },
    PATIENCE,
  );
  test(
    'a folder with spaces and umlauts, and a file that is none of ours',
    async () => {
      const folder = caseOf({}, 'Fälle mit Lücken');
      writeFileSync(join(folder, 'Notizen für später.txt'), 'hello');
      expect((await accepted(folder)).incidents).toHaveLength(2);
    },
    PATIENCE,
  );
  describe('rows that cannot be right', () => {
    const KERNEL = 'CUPTI_ACTIVITY_KIND_KERNEL';
    /** A case of which each so manieth kernel is damaged. */
    const damaged = (change: string, each: number) => {
      const folder = caseOf({});
      const db = new Database(join(folder, 'trace.sqlite'));
      db.exec(
        `CREATE TABLE loose AS SELECT * FROM ${KERNEL}; DROP TABLE ${KERNEL}; ALTER TABLE loose RENAME TO ${KERNEL};
         ${change.replaceAll('DAMAGED', `rowid % ${each} = 0`)}`,
      );
      db.close();
      return accepted(folder);
    };
    const CHANGES = [
      ['start and end swapped', `UPDATE ${KERNEL} SET start = "end", "end" = start WHERE DAMAGED`],
      ['text for a start', `UPDATE ${KERNEL} SET start = 'soon' WHERE DAMAGED`],
      ['an end 100 s too late', `UPDATE ${KERNEL} SET "end" = "end" + 100000000000 WHERE DAMAGED`],
      ['no correlation id', `UPDATE ${KERNEL} SET correlationId = NULL WHERE DAMAGED`],
      ['themselves twice', `INSERT INTO ${KERNEL} SELECT * FROM ${KERNEL} WHERE DAMAGED`],
    ] as const;
    test.each(some(CHANGES, 3, 'rows that cannot be right, few'))(
      'few with %s: they are left out, and said',
      async (_, change) => {
        const report = await damaged(change, 100);
        expect(report.cannot_tell.join(' ')).toMatch(/What 4 of 40\d rows of kernel were: 4 [a-z ]+; they are left out/);
        expect(report.causes.map(c => c.cause)).toEqual(expect.arrayContaining(['host-compute', 'gpu-contention']));
        for (const d of report.devices) expect(Math.min(d.busy_ms, d.idle_ms, d.compute_absent_ms)).toBeGreaterThanOrEqual(0);
        expect(report.window.end_ns.slice(0, 10)).toBe(report.window.start_ns.slice(0, 10));
      },
      PATIENCE,
    );
    test.each(some(CHANGES.toReversed(), 3, 'rows that cannot be right, many'))(
      'many with %s: nothing is said that rests on them',
      async (_, change) => {
        const report = await damaged(change, 7);
        expect(report.cannot_tell.join(' ')).toContain('so many that all of them count as missing');
        expect(report.causes).toEqual([]);
        expect(report.answer).not.toContain('host-bound');
        expect(report.detectors.find(d => d.cause === 'host-compute')?.verdict).toBe('cannot-tell');
      },
      PATIENCE,
    );
  });
});

describe('stamps of GPU samples in another zone', () => {
  const notes = async (hours: number, zoneHours?: number) =>
    (await accepted(caseOf({ gpuZoneHours: hours }), {}, { zoneHours })).clock.notes.join('\n');
  test.each(some([5.5, -5.5], 2, 'zones of GPU samples'))(
    '%d h from UTC are found, and the report says so',
    async hours => {
      expect(await notes(hours)).toContain(`taken as UTC${hours > 0 ? '+' : ''}${hours} h`);
    },
    PATIENCE,
  );
  test('can be named by hand', async () => expect(await notes(5.5, 5.5)).toContain('as given'), PATIENCE);
  test('named wrongly are refused', async () => {
    expect((await refused(caseOf({ gpuZoneHours: 5.5 }), '--zone-hours', '2')).hint).toContain('--zone-hours');
  });
});

test(
  'a kernel named like markup stays text in all that is written',
  async () => {
    const out = fresh('out');
    const evil = '<img src=x onerror=alert(1)></script><script>alert(2)</script>';
    expect((await runCli(['analyze', caseOf({ kernelName: evil }), '--out', out])).code).toBe(0);
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain('<script>alert(2)');
    expect(readFileSync(join(out, 'report.md'), 'utf8').replace(/^```[\s\S]*?^```/gm, '')).not.toContain('<img');
  },
  PATIENCE,
);

describe('an --out that cannot be written', () => {
  test(
    'because a file is in the way',
    async () => {
      const said = failureOf(await runCli(['analyze', good, '--out', join(file('taken', 'mine'), 'report')]));
      expect(said.sentence).toContain('cannot be written');
      expect(said.hint).toContain('--out');
    },
    PATIENCE,
  );
  test(
    'leaves no half-written file when a folder stands where a file must go',
    async () => {
      const out = fresh('out');
      mkdirSync(join(out, 'report.html'), { recursive: true });
      failureOf(await runCli(['analyze', good, '--out', out]));
      expect(readdirSync(out, { recursive: true }).filter(f => String(f).endsWith('.part'))).toEqual([]);
    },
    PATIENCE,
  );
});
