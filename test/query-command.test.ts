import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryCommand } from '#cli/commands/query';
import { terminalOn } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import { evidence } from '#trace/queries/index.gen';
import { assertBuilt, MAIN } from './run-cli.ts';
import { some } from './thorough.ts';

const PID = 7 * 2 ** 24;
const RUNAWAY = 'WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT max(i) FROM c';

const root = mkdtempSync(join(tmpdir(), 'query test '));
const folder = join(root, 'Spüre');
const trace = join(folder, 'a trace.sqlite');
const scratch = join(root, 'tmp');
const hash = () => createHash('sha256').update(readFileSync(trace)).digest('hex');
let before = '';

/** A trace of two kernels with a gap of a millisecond between them, and no calls into the operating system. */
function writeTrace(): void {
  const db = new Database(trace);
  db.exec(`
    CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT);
    INSERT INTO StringIds VALUES (1, 'gemm'), (2, 'soft"max, fused'), (3, 'cudaLaunchKernel_v7000');
    CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER, "end" INTEGER, deviceId INTEGER, contextId INTEGER, streamId INTEGER,
      correlationId INTEGER, globalPid INTEGER, demangledName INTEGER, shortName INTEGER, gridX INTEGER, gridY INTEGER, gridZ INTEGER,
      blockX INTEGER, blockY INTEGER, blockZ INTEGER);
    INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES
      (1000, 2000, 0, 1, 7, 11, ${PID}, 1, 1, 1, 1, 1, 1, 1, 1), (1002000, 1003000, 0, 1, 7, 12, ${PID}, 2, 2, 1, 1, 1, 1, 1, 1);
    CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start INTEGER, "end" INTEGER, globalTid INTEGER, correlationId INTEGER, nameId INTEGER,
      returnValue INTEGER);
    INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (500, 900, ${PID + 42}, 11, 3, 0), (1001000, 1001500, ${PID + 42}, 12, 3, 0);
  `);
  db.close();
}

/** Runs the command in this process; only the child that answers is another. */
async function query(...args: string[]) {
  const printed = { stdout: '', stderr: '' };
  const into = (stream: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      printed[stream] += text;
    },
  });
  const terminal = terminalOn({ stdout: into('stdout'), stderr: into('stderr'), env: process.env, ownsProcess: false });
  const command = queryCommand(terminal)
    .exitOverride()
    .configureOutput({ writeErr: into('stderr').write });
  let error: unknown;
  try {
    await command.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    error = thrown;
  }
  return { ...printed, code: terminal.exitCode, error };
}

/** The expected failure that a command line ends in. */
async function failure(...args: string[]): Promise<ForensicsError> {
  const { error, stdout } = await query(...args);
  expect(stdout).toBe('');
  expect(error).toBeInstanceOf(ForensicsError);
  return error as ForensicsError;
}

beforeAll(() => {
  mkdirSync(folder);
  mkdirSync(scratch);
  writeTrace();
  writeFileSync(`${trace}.gz`, gzipSync(readFileSync(trace)));
  before = hash();
  process.env['TMPDIR'] = scratch;
});
afterAll(() => {
  delete process.env['TMPDIR'];
  try {
    expect(hash(), 'the trace must not change').toBe(before);
    expect(readdirSync(folder).sort(), 'nothing may be written beside the trace').toEqual(['a trace.sqlite', 'a trace.sqlite.gz']);
    expect(readdirSync(scratch), 'temporary files must be gone').toEqual([]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

describe('the catalogue needs no trace', () => {
  test.each([[['--list']], [[]]])('%j lists every query with what it answers', async args => {
    const { stdout, error } = await query(...args);
    expect(error).toBeUndefined();
    for (const [name, { summary }] of Object.entries(evidence))
      expect(stdout).toMatch(new RegExp(`^${name} +${summary.slice(0, 20).replace(/[()]/g, '\\$&')}`, 'm'));
  });
  test('--list --json is the same as data', async () => {
    const rows: unknown = JSON.parse((await query('--list', '--json')).stdout);
    expect(rows).toContainEqual({ name: 'idle_gap', summary: evidence.idle_gap.summary });
  });
  test.each([[['idle_gap']], [['idle_gap', '--describe']]])('%j describes a query', async args => {
    const { stdout } = await query(...args);
    expect(stdout).toMatch(/^ {2}min_gap_ns +integer += 100000 +Shorter gaps are left out\.$/m);
    expect(stdout).toMatch(/^ {2}dur_ns +integer +Length of the gap\.$/m);
    expect(stdout).toMatch(/memcpy \(may be empty\)/);
  });
  test('a description as JSON holds parameters and columns', async () => {
    const described: unknown = JSON.parse((await query('idle_gap', '--json')).stdout);
    expect(described).toMatchObject({ name: 'idle_gap', params: evidence.idle_gap.params, columns: evidence.idle_gap.columns });
  });
  test('--relations lists the words that SQL can use', async () => {
    expect((await query('--relations')).stdout).toMatch(/^kernel +start_ns +integer +Start/m);
  });
});

describe('a named query', () => {
  test('prints a table', async () => {
    const { stdout, stderr, code } = await query('idle_gap', trace);
    expect(stdout.split('\n').map(l => l.trim().split(/ {2,}/))).toEqual([
      ['gpu_id', 'device_id', 'start_ns', 'dur_ns', 'ended_by_name', 'ended_by_pid', 'ended_by_correlation_id'],
      ['0', '0', '2000', '1000000', 'soft"max, fused', '7', '12'],
      [''],
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });
  test('prints JSON alone', async () => {
    const { stdout } = await query('kernel_time', trace, '--json', '--param', 'from_ns=1000000');
    expect(JSON.parse(stdout)).toEqual([{ device_id: 0, stream_id: 7, pid: 7, name: 'soft"max, fused', start_ns: 1002000, dur_ns: 1000 }]);
  });
  test('prints CSV alone', async () => {
    const { stdout } = await query('kernel_time', trace, '--csv', '--param', 'from_ns=1000000');
    expect(stdout).toBe('device_id,stream_id,pid,name,start_ns,dur_ns\r\n0,7,7,"soft""max, fused",1002000,1000\r\n');
  });
  test('reads a gzipped trace', async () => {
    expect(JSON.parse((await query('api_call_sum', `${trace}.gz`, '--json')).stdout)).toEqual([
      { name: 'cudaLaunchKernel_v7000', calls: 2, total_ns: 900, longest_ns: 500 },
    ]);
  });
  test('takes parameters, of which a later one counts', async () => {
    const { stdout, stderr } = await query('idle_gap', trace, '--json', '--param', 'min_gap_ns=1', '--param', 'min_gap_ns=1000001');
    expect(stdout).toBe('[]\n');
    expect(stderr).toBe('no rows\n');
  });
  test.each([[['--limit', '1']], [['--param', 'top=1']]])('with %j says that there is more', async args => {
    const { stdout, stderr } = await query('kernel_time', trace, '--csv', ...args);
    expect(stdout.trim().split('\r\n')).toHaveLength(2);
    expect(stderr).toContain('the first 1 rows');
  });
  test('says nothing of more where there is no more', async () => {
    expect((await query('kernel_time', trace, '--limit', '2')).stderr).toBe('');
  });
  test('that lacks its tables cannot tell, which is not the same as no rows', async () => {
    const { stdout, stderr, code, error } = await query('os_call_time', trace);
    expect({ stdout, code, error }).toEqual({ stdout: '', code: 2, error: undefined });
    expect(stderr).toBe('cannot tell: the trace has no table OSRT_API\n');
  });
});

describe('a mistake is explained', () => {
  test.each([
    [['idle-gap', trace], 'there is no query idle-gap', 'Did you mean idle_gap? '],
    [['gap', trace], 'there is no query gap', 'Did you mean idle_gap? '],
    [['xyzzy', trace], 'there is no query xyzzy', '`forensics query --list` shows them all.'],
    [[trace], `there is no query ${trace}`, `Write the query before the trace: \`forensics query NAME ${trace}\``],
    [['idle_gap', trace, '--param', 'min_gap=1'], 'idle_gap has no parameter min_gap', 'Did you mean min_gap_ns? '],
    [['gpu_list', trace, '--param', 'a=1'], 'gpu_list has no parameter a', 'It takes none.'],
    [['idle_gap', trace, '--param', 'top'], '--param top gives no value', '--param NAME=VALUE'],
    [
      ['idle_gap', trace, '--param', 'top=many'],
      'parameter top of idle_gap must be an integer between -2^53 and 2^53, not many',
      '--param top=VALUE',
    ],
    [['idle_gap', trace, '--param', 'top=1.5'], 'must be an integer', ''],
    [['idle_gap', trace, '--param', 'top=1e3'], 'must be an integer', ''],
    [['idle_gap', trace, '--param', 'to_ns=9007199254740993'], 'must be an integer', ''],
    [['idle_gap', '--param', 'top=1'], 'no trace is named', 'idle_gap TRACE'],
    [['--sql', 'SELECT 1'], '--sql needs a trace to ask', ''],
    [['--sql', 'SELECT 1', 'idle_gap', trace], '--sql takes one trace', ''],
    [['--sql', 'SELECT 1', trace, '--param', 'a=1'], '--param has no meaning for --sql', ''],
  ])('%j', async (args, message, hint) => {
    const error = await failure(...args);
    expect(error.code).toBe('bad-argument');
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
  test.each([[['--limit', '0']], [['--timeout', '0']], [['--timeout', 'long']], [['--json', '--csv']], [['--sql', 'SELECT 1', '--list']]])(
    '%j is refused by the command line',
    async args =>
      expect((await query('idle_gap', trace, ...args)).error).toMatchObject({
        name: expect.stringMatching(/CommanderError|InvalidArgumentError/),
      }),
  );
  test('a trace that is none', async () => {
    expect(await failure('idle_gap', join(folder, 'none.sqlite'))).toMatchObject({ code: 'not-found' });
    expect(await failure('idle_gap', resolve('package.json'))).toMatchObject({ code: 'not-a-trace' });
  });
});

describe('SQL typed by hand', () => {
  test('reads the relations', async () => {
    const { stdout } = await query('--sql', 'SELECT name, end_ns - start_ns AS dur_ns FROM kernel ORDER BY start_ns;', trace, '--csv');
    expect(stdout).toBe('name,dur_ns\r\ngemm,1000\r\n"soft""max, fused",1000\r\n');
  });
  test('is told of relations that say nothing', async () => {
    const { stdout, stderr } = await query('--sql', "SELECT name FROM os_call WHERE name = 'kernel'", trace, '--json');
    expect(stdout).toBe('[]\n');
    expect(stderr).toBe('note: os_call is empty here: the trace has no table OSRT_API\nno rows\n');
  });
  test('shows a thousand rows unless told otherwise', async () => {
    const numbers = 'WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 5000) SELECT i FROM c';
    const { stdout, stderr } = await query('--sql', numbers, trace, '--csv');
    expect(stdout.trim().split('\r\n')).toHaveLength(1001);
    expect(stderr).toContain('the first 1000 rows');
    expect((await query('--sql', numbers, trace, '--csv', '--limit', '5000')).stdout.trim().split('\r\n')).toHaveLength(5001);
  });
  const wrong: [string, string][] = [
    ['SELEC 1', 'syntax error'],
    ['SELECT wrong FROM kernel', 'no such column: wrong'],
    ['SELECT 1; SELECT 2', 'more than one statement'],
    ['', 'no statements'],
    ['SELECT $x', 'parameter'],
    ['SELECT 1 AS a, 2 AS a', 'two columns of the answer are called a'],
    ['DELETE FROM kernel', 'view'],
    ['CREATE TEMP TABLE t (a)', 'would change the trace, or asks nothing'],
    ['DELETE FROM main.StringIds RETURNING id', 'readonly'],
  ];
  // Each is a child process of its own.
  test.each(some(wrong, 4, 'SQL that is refused'))('%s', async (sql, message) => {
    const error = await failure('--sql', sql, trace);
    expect(error.code).toBe('query-failed');
    expect(error.message).toContain(message);
  });
  // TraceStore.run reads integers as JavaScript numbers.
  test('shows integers beyond 2^53 exactly', async () => {
    expect((await query('--sql', 'SELECT 9007199254740993 AS big', trace, '--csv')).stdout).toBe('big\r\n9007199254740993\r\n');
  });
  test('that never ends is killed at the time limit', async () => {
    // It would run for ever: that there is an answer at all is the kill.
    const error = await failure('--sql', RUNAWAY, trace, '--timeout', '1');
    expect(error).toMatchObject({ code: 'time-limit', message: expect.stringContaining('1 s') });
  });
  test('that never ends on a gzipped trace leaves no unpacked file behind', async () => {
    expect((await failure('--sql', RUNAWAY, `${trace}.gz`, '--timeout', '1.5')).code).toBe('time-limit');
  });
});

test('a temporary folder that is missing is named', async () => {
  process.env['TMPDIR'] = join(root, 'none');
  try {
    expect(await failure('idle_gap', `${trace}.gz`)).toMatchObject({ code: 'not-writable', message: expect.stringContaining('none') });
  } finally {
    process.env['TMPDIR'] = scratch;
  }
});

test.runIf(existsSync(MAIN))('a reader that closes the pipe early is no failure', () => {
  const sql = 'WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 200000) SELECT i FROM c';
  const script = `"$0" "$1" query --sql "$2" "$3" --csv --limit 150000 | head -n 1; exit "\${PIPESTATUS[0]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script, process.execPath, MAIN, sql, trace], { encoding: 'utf8' });
  expect({ stdout: stdout.trim(), status }).toEqual({ stdout: 'i', status: 0 });
  expect(stderr.replace(/^the first 150000 rows.*\n/, '')).toBe('');
});

describe.skipIf(process.platform !== 'linux')('a question whose asker is gone', () => {
  const childrenOf = (pid: number) =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  const isAlive = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise(resume => setTimeout(resume, 50));
  };
  test('ends with it, though SQLite hears nothing', async () => {
    assertBuilt();
    // Nobody is left to remove what it had unpacked.
    const left = mkdtempSync(join(root, 'left '));
    const args = [MAIN, 'query', trace, '--sql', RUNAWAY, '--timeout', '600'];
    const asker = spawn(process.execPath, args, { stdio: 'ignore', env: { ...process.env, TMPDIR: left } });
    const pid = asker.pid ?? 0;
    await until(() => childrenOf(pid).length > 0);
    const [worker = 0] = childrenOf(pid);
    asker.kill('SIGKILL');
    await until(() => !isAlive(worker));
    expect(isAlive(worker)).toBe(false);
  }, 60_000);
});
