import { describe, expect, test } from 'vitest';
import { parseColumns } from './columns.ts';
import { readMapped } from './read-mapped.ts';

const read = (text: string, columns: string) => readMapped([text], 'a.csv', parseColumns(columns));

describe('a table that is mapped', () => {
  test('by epoch and by lengths whose unit stands in the heading', () => {
    const { rows, clock, origin_ns } = read(
      'rid,ts,latency_ms,ttft_ms,in,out,code\na,1795311000.5,250.5,20,100,30,200\nb,1795311001.25,100,,7,,500\n',
      'id=rid,start=ts,duration=latency_ms,ttft=ttft_ms,prompt_tokens=in,output_tokens=out,status=code',
    );
    expect(clock).toEqual({ kind: 'epoch', uncertainty_ms: 0 });
    expect(origin_ns).toBe(1_795_311_000_500_000_000n);
    expect(rows).toMatchObject([
      { id: 'a', arrival_ms: 0, first_token_ms: 20, finish_ms: 250.5, prompt_tokens: 100, output_tokens: 30, status: 'ok' },
      { id: 'b', arrival_ms: 750, first_token_ms: null, finish_ms: 850, prompt_tokens: 7, output_tokens: null, status: 'failed' },
    ]);
  });
  test('by dates, parted by semicolons, with quotes', () => {
    const { rows, clock } = read('"began";"ended"\n"2026-11-22 10:00:00";"2026-11-22 10:00:01.5"\n', 'start=began,end=ended');
    expect(clock.kind).toBe('zoneless');
    expect(rows).toMatchObject([{ id: '1', arrival_ms: 0, finish_ms: 1500, status: 'ok' }]);
  });
  test('by nanoseconds, exactly, and by a clock that counts from its own zero', () => {
    expect(read('s,e\n1795311000000000001,1795311000000000003\n', 'start=s:ns,end=e:ns').rows[0]?.finish_ms).toBe(0.000002);
    const relative = read('s,e\n0.25,1.5\n', 'start=s:s,end=e:s');
    expect(relative.clock.kind).toBe('relative');
    expect(relative.rows[0]?.finish_ms).toBe(1250);
    expect(relative.limits[0]).toContain('do not count from 1970');
  });
  test('without an end leaves a request unfinished, and without a start leaves it out with a word', () => {
    const { rows, warnings } = read('s,e\n1,\n,2\n', 'start=s:s,end=e:s');
    expect(rows.map(r => r.status)).toEqual(['unfinished']);
    expect(warnings.join()).toContain('without a start');
  });
});

test.each([
  ['a column that is not there', 's,e\n1,2\n', 'start=s:s,end=done:s', 'has no column "done"'],
  ['a moment whose unit is not known', 's,e\n1,2\n', 'start=s,end=e:s', 'line 2, field s: "1" is not a moment whose unit is known'],
  ['a length whose unit is not known', 's,took\n1,2\n', 'start=s:s,duration=took', 'is not a length of time'],
  ['a row of other cells', 's,e\n1,2,3\n', 'start=s:s,end=e:s', '3 fields, but the header has 2'],
  ['no headings', '1,2\n3,4\n', 'start=s:s,end=e:s', 'no line of headings'],
  ['no requests', 's,e\n', 'start=s:s,end=e:s', 'no complete request'],
])('%s is refused', (_, text, columns, words) => expect(() => read(text, columns)).toThrow(words));
