import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import { TraceStore } from '#trace/nsys/trace-store';
import { type PreludeName, prelude } from '#trace/queries/index.gen';
import { SMALL_RUN } from './synthetic-run.ts';
import { buildTrace } from './synthetic-trace.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'refused traces '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
let made = 0;
const newPath = (suffix = '.sqlite') => join(FOLDER, `trace ${++made}${suffix}`);
function build(): string {
  const path = newPath();
  buildTrace(path, { version: '3.20.3', ...SMALL_RUN });
  return path;
}

describe('what cannot be read is refused in one sentence, with a hint', () => {
  const SENTENCE = /^[^\n]+[^.\n]$/;
  async function refusal(path: string): Promise<ForensicsError> {
    const error: unknown = await TraceStore.open(path).then(
      store => {
        // Damage may show only where the damaged page is read.
        try {
          for (const relation of Object.keys(prelude) as PreludeName[]) store.missing(relation);
          for (const relation of ['kernel', 'api_call', 'os_call', 'nvtx_range'] as const) store.scan(relation, ['start_ns']);
          return 'was opened and read';
        } catch (e) {
          return e;
        } finally {
          store.close();
        }
      },
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ForensicsError);
    const refused = error as ForensicsError;
    expect(refused.message).toMatch(SENTENCE);
    expect(refused.message).toContain(path);
    expect(refused.hint).toMatch(/\w/);
    return refused;
  }
  const written = (content: Uint8Array | string, suffix?: string) => {
    const path = newPath(suffix);
    writeFileSync(path, content);
    return path;
  };

  test('a missing file', async () => expect((await refusal(join(FOLDER, 'nowhere.sqlite'))).code).toBe('not-found'));
  test('a folder', async () => expect((await refusal(FOLDER)).code).toBe('not-a-trace'));
  test('an empty file', async () => expect((await refusal(written(''))).code).toBe('not-a-trace'));
  test('a text file', async () => expect((await refusal(written('timestamp, index\n1, 2\n'))).code).toBe('not-a-trace'));
  test('an .nsys-rep, with the command that exports it', async () => {
    const refused = await refusal(written(Buffer.concat([Buffer.from('QDSTRM\0\0'), Buffer.alloc(4096, 7)]), '.nsys-rep'));
    expect(refused).toMatchObject({ code: 'not-a-trace', hint: expect.stringContaining('nsys export --type sqlite') });
  });
  test('a gzipped text file', async () => expect((await refusal(written(gzipSync('hello'), '.gz'))).code).toBe('not-a-trace'));
  test('a gzipped nothing', async () => expect((await refusal(written(gzipSync(''), '.gz'))).code).toBe('not-a-trace'));

  test.each([0.9, 0.5, 0.1])('a .sqlite cut off at %d of its length', async part => {
    const whole = readFileSync(build());
    expect((await refusal(written(whole.subarray(0, Math.floor(whole.length * part))))).code).toBe('damaged-trace');
  });
  test('a .sqlite cut off inside its header', async () => {
    const whole = readFileSync(build());
    expect((await refusal(written(whole.subarray(0, 20)))).code).toBe('damaged-trace');
  });
  test.each([0.9, 0.5])('a .gz cut off at %d of its length', async part => {
    const whole = gzipSync(readFileSync(build()));
    expect((await refusal(written(whole.subarray(0, Math.floor(whole.length * part)), '.gz'))).code).toBe('damaged-trace');
  });
  test('a .gz of which only the magic bytes are left', async () =>
    expect((await refusal(written(gzipSync('x').subarray(0, 2), '.gz'))).code).toBe('damaged-trace'));
  test('a .sqlite whose pages were overwritten', async () => {
    const whole = readFileSync(build());
    expect((await refusal(written(Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100, 0xa5)])))).code).toBe(
      'damaged-trace',
    );
  });
  test('a .sqlite whose later pages were overwritten', async () => {
    const whole = readFileSync(build());
    expect((await refusal(written(Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 0xa5)])))).code).toBe(
      'damaged-trace',
    );
  });

  test('a file that another program holds locked', async () => {
    const path = build();
    const writer = new Database(path);
    onTestFinished(() => void writer.close());
    writer.exec('BEGIN EXCLUSIVE');
    expect((await refusal(path)).code).toBe('not-readable');
  });
});
