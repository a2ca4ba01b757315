import { describe, expect, test } from 'vitest';
import { formatRows } from './rows.ts';

const BEYOND = 9_007_199_254_740_993n;

describe('a table', () => {
  test('puts numbers flush right and text flush left, without lines or colour', () => {
    const rows = [
      { name: 'gemm', n: 1 },
      { name: 'relu', n: 20_000 },
    ];
    expect(formatRows('table', ['name', 'n'], rows)).toBe('name      n\ngemm      1\nrelu  20000\n');
  });
  test('shows integers beyond 2^53 exactly, and what is not there as NULL', () => {
    expect(formatRows('table', ['a', 'b'], [{ a: BEYOND, b: null }])).toContain('9007199254740993  NULL');
  });
  test('lets no control character of a trace reach the terminal', () => {
    expect(formatRows('table', ['name'], [{ name: 'a\u001b[31mb\nc' }])).toBe('name\na\\u001b[31mb\\nc\n');
  });
  test('of many rows is aligned throughout, and cuts no wide character', () => {
    const rows = Array.from({ length: 1_200 }, (_, n) => ({ n, name: n === 1_100 ? '核函数 ü' : 'k' }));
    const lines = formatRows('table', ['n', 'name'], rows).split('\n');
    expect(lines).toHaveLength(1_202);
    expect([lines[0], lines[1], lines[1_101], lines[1_200]]).toEqual(['   n  name', '   0  k', '1100  核函数 ü', '1199  k']);
  });
  test('of no rows is its head', () => expect(formatRows('table', ['a', 'b'], [])).toBe('a  b\n'));
});

describe('JSON', () => {
  test('is an array of objects, with integers beyond 2^53 as strings', () => {
    const text = formatRows('json', ['a', 'b', 'c'], [{ a: BEYOND, b: null, c: 0.5 }]);
    expect(JSON.parse(text)).toEqual([{ a: '9007199254740993', b: null, c: 0.5 }]);
  });
  test('has integers up to 2^53 as numbers, however SQLite gave them', () =>
    expect(JSON.parse(formatRows('json', ['a', 'b'], [{ a: 7n, b: -9_007_199_254_740_991n }]))).toEqual([
      { a: 7, b: -9_007_199_254_740_991 },
    ]));
  test('keeps names as they are', () => expect(JSON.parse(formatRows('json', ['a'], [{ a: 'x\n"y"' }]))).toEqual([{ a: 'x\n"y"' }]));
  test('of no rows is an empty array', () => expect(formatRows('json', ['a'], [])).toBe('[]\n'));
});

describe('CSV', () => {
  test('quotes what RFC 4180 says, ends lines in CR LF and leaves NULL empty', () => {
    const rows = [
      { a: 'x,y', b: null },
      { a: 'say "hi"', b: BEYOND },
      { a: 'two\nlines', b: 1 },
    ];
    expect(formatRows('csv', ['a', 'b'], rows)).toBe('a,b\r\n"x,y",\r\n"say ""hi""",9007199254740993\r\n"two\nlines",1\r\n');
  });
  test.each(['=1+1', '+1', '-1+2', '@SUM(A1)', '\tx', '=HYPERLINK("http://x")'])('runs nothing in a spreadsheet: %s', name => {
    const [, cell = ''] = formatRows('csv', ['a'], [{ a: name }]).split('\r\n');
    expect(cell.replace(/^"/, '').startsWith("'")).toBe(true);
  });
  test('leaves numbers below zero as they are', () =>
    expect(formatRows('csv', ['a', 'b'], [{ a: -5, b: -BEYOND }])).toBe('a,b\r\n-5,-9007199254740993\r\n'));
  test('of no rows is its head', () => expect(formatRows('csv', ['a', 'b'], [])).toBe('a,b\r\n'));
});

test('bytes are hexadecimal', () => expect(formatRows('csv', ['a'], [{ a: Uint8Array.of(1, 254) }])).toBe('a\r\n01fe\r\n'));
