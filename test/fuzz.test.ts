import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Chance } from '../tools/fuzz/chance.ts';
import { commandProblems } from '../tools/fuzz/judge/command.ts';
import { badNumbers } from '../tools/fuzz/judge/numbers.ts';
import { reportProblems } from '../tools/fuzz/judge/report.ts';
import { badError } from '../tools/fuzz/judge/text.ts';
import { KINDS } from '../tools/fuzz/mutants/kinds.ts';
import { originalsIn } from '../tools/fuzz/originals.ts';
import { reportOn } from './report-on.ts';

const root = mkdtempSync(join(tmpdir(), 'fuzz '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a mutant', () => {
  const originals = originalsIn(join(root, 'originals'));
  const made = (index: number) => {
    const [chance, folder] = [new Chance(7, index), join(root, 'room')];
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const kind = chance.weighted(KINDS);
    return { kind: kind.name, ...kind.make({ folder, chance, originals }) };
  };
  test('is the same for the same seed and number, whatever was made before it', () => {
    const first = Array.from({ length: 12 }, (_, i) => made(i));
    expect(Array.from({ length: 12 }, (_, i) => made(11 - i)).reverse()).toEqual(first);
  });
  test('of each kind can be made', () => {
    const kinds = KINDS.map(kind => kind.make({ folder: mkdtempSync(join(root, 'kind ')), chance: new Chance(7, 0), originals }).what);
    expect(kinds.filter(what => what === '')).toEqual([]);
  });
  test('leaves its original as it was', () => {
    const trace = originals.runs[0]?.trace ?? '';
    const before = readFileSync(trace);
    for (let i = 0; i < 12; i++) made(i);
    expect(readFileSync(trace).equals(before)).toBe(true);
  });
});

describe('a finding', () => {
  const ran = (code: number, stderr: string, stdout = '') => commandProblems(['analyze', 'x'], { code, stdout, stderr }, '');
  test('is a crash', () =>
    expect(ran(2, 'This is a bug in forensics. Please\nError: x\n    at f (a.ts:1:2)\n').join()).toContain('a stack trace'));
  test('is an exit code that no help names', () =>
    expect(ran(5, 'error it is so\n      Do this.\n')).toEqual(['exit code 5, which is not documented']));
  test('is a failure that says nothing', () => expect(ran(2, 'reading files\n').join()).toContain('without a reason'));
  test('is an error without a hint', () => expect(ran(2, 'error it is so and so\n').join()).toContain('a hint that is no sentence'));
  test('is a word that acts on the terminal', () => expect(ran(0, '', 'a\u001b[2Jb').join()).toContain('U+001b'));
  test('is a number that is none, unless the mutant itself says it', () => {
    expect(ran(0, '', 'it took NaN ms').join()).toContain('NaN');
    expect(commandProblems(['analyze'], { code: 0, stdout: 'it is called NaN ms', stderr: '' }, 'NaN')).toEqual([]);
  });
  test('is no failure in a sentence with a hint', () =>
    expect(ran(2, 'reading files\nerror x does not exist\n      Check the path.\n')).toEqual([]));
  test('is a negative or endless time, wherever it stands', () => {
    expect(badNumbers({ devices: [{ busy_ms: -1 }], latency: [{ p99_ms: Number.NaN }] })).toEqual([
      '.devices[0].busy_ms is -1, below zero',
      '.latency[0].p99_ms is NaN',
    ]);
    expect(badNumbers({ start_ms: -5, n: 3 })).toEqual([]);
  });
  test('is an error of two lines', () => expect(badError('a\nb is not c', 'Do this.')).toHaveLength(1));
  test('is a report that does not close its books; one of a fixture is none', async () => {
    const report = await reportOn('host-blocked');
    expect(reportProblems(report, '')).toEqual([]);
    const open = { ...report, books: { ...report.books, excess_ms: report.books.excess_ms + 5 } };
    expect(reportProblems(open, '').join()).toContain('the parts of the books are not their sum');
  });
});
