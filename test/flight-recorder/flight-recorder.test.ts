import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { examineFlight, flightRecordsAmong } from '#app/doctor/examine-flight';
import { ForensicsError } from '#core/errors';
import { rankOf, readFlightRecord } from '#input/flight-recorder/read-dump';
import { judgeFlight } from '#multi-gpu/flight-recorder/judge';
import { flightSentences } from '#report/build/flight-recorder';
import { runs } from '#test/thorough';

const folder = mkdtempSync(join(tmpdir(), 'flight-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Dumps that PyTorch 2.11 wrote on two H200s; what each program did stands in the names of the tests. */
const real = (run: string) => [0, 1].map(rank => join(import.meta.dirname, `${run}_rank_${rank}.json`));
const examine = (files: readonly string[]) => examineFlight(files, {}, () => {});

describe('real dumps of two ranks', () => {
  test('rank 1 skipped the sixth all-reduce', async () => {
    const [first, second] = await examine(real('hang'));
    expect(first).toBe('Rank 1 did not enter collective 6 of the group default_pg (all_reduce); rank 0 did, and wait.');
    expect(second).toMatch(/^Rank 1: its last of the group was 5 \(all_reduce\), and it waits in no other collective/);
  });
  test('the same, with the lines of the program, from a pickle made JSON', async () => {
    const [first, second] = await examine(real('stacks'));
    expect(first).toMatch(/rank 0 did at train\.py:23, and wait\.$/);
    expect(second).toMatch(/all_reduce at train\.py:18/);
  });
  test('rank 1 called a reduce-scatter where rank 0 called an all-reduce', async () =>
    expect((await examine(real('mismatch')))[0]).toMatch(
      /^The ranks disagree on collective 6 .*: rank 0 called all_reduce .*; rank 1 called _reduce_scatter_base/,
    ));
  test('rank 1 gave an all-gather another size', async () =>
    expect((await examine(real('size')))[0]).toMatch(/^The ranks disagree on collective 6 .*\[\[1024\]\].*rank 1 .*\[\[512\]\]/));
  test('rank 0 sent once more than rank 1 received', async () =>
    expect(await examine(real('p2p'))).toContain('Rank 0 posted 5 sends to rank 1, which posted 4 receives: the next has no other side.'));
  test('nothing hung', async () => expect((await examine(real('fine')))[0]).toMatch(/none of them hangs\.$/));
  test('without the other dump nobody is accused', async () => {
    const said = (await examine(real('hang').slice(0, 1))).join(' ');
    expect(said).toMatch(/is not finished, and no dump was given of rank 1/);
    expect(said).not.toMatch(/did not enter/);
  });
});

interface Call {
  readonly name?: string;
  readonly group?: string;
  readonly ranks?: readonly number[];
  readonly sequence: number;
  readonly state?: string;
  readonly size?: number;
  readonly created?: bigint;
}
/** A dump in the recorder's layout (FlightRecorderDetail.hpp, dump_json). */
function dumpOf(calls: readonly Call[], { world = [0, 1, 2, 3], first = 0, version = '2.10' } = {}): string {
  const groups = new Map<string, readonly number[]>([['0', world]]);
  for (const c of calls) if (c.group !== undefined) groups.set(c.group, c.ranks ?? world);
  const entries = calls.map(
    (c, i) =>
      `{"collective_seq_id":${c.sequence},"input_dtypes":["Float"],"input_sizes":[[${c.size ?? 8}]],"is_p2p":false,"op_id":${c.sequence},"output_dtypes":["Float"],` +
      `"output_sizes":[[${c.size ?? 8}]],"p2p_seq_id":0,"pg_id":0,"process_group":["${c.group ?? '0'}","${c.group ?? 'world'}"],"profiling_name":"nccl:${c.name ?? 'all_reduce'}",` +
      `"record_id":${first + i},"retired":false,"state":"${c.state ?? 'completed'}","time_created_ns":${c.created ?? 1796069174558612104n + BigInt(i)},"timeout_ms":600000}`,
  );
  const config = [...groups].map(([name, ranks]) => `"${name}":{"desc":"x","name":"${name}","ranks":"[${ranks.join(', ')}]"}`);
  return `{"entries":[${entries.join(',')}],"nccl_comm_state":{},"pg_config":{${config.join(',')}},"pg_status":{},"version":"${version}"}`;
}
const judged = (dumps: ReadonlyMap<number, string>) =>
  judgeFlight([...dumps].map(([rank, json]) => readFlightRecord(json, `nccl_trace_rank_${rank}.json`)));
const open = (sequence: number, more: Omit<Call, 'sequence'> = {}): Call => ({ sequence, state: 'scheduled', ...more });

test('a rank that left is found, at the collective that it left out, of whatever job', () => {
  const job = fc.record({
    ranks: fc.integer({ min: 2, max: 9 }),
    sequence: fc.integer({ min: 1, max: 30 }),
    kept: fc.integer({ min: 1, max: 30 }),
  });
  fc.assert(
    fc.property(job, fc.nat(), ({ ranks, sequence, kept }, pick) => {
      const world = Array.from({ length: ranks }, (_, r) => r);
      const gone = pick % ranks;
      const dumps = new Map(
        world.map(r => {
          const all = Array.from({ length: r === gone ? sequence - 1 : sequence }, (_, s) =>
            s + 1 === sequence ? open(s + 1) : { sequence: s + 1 },
          );
          const calls = all.slice(-kept);
          return [r, dumpOf(calls, { world, first: all.length - calls.length })] as const;
        }),
      );
      const { stuck } = judged(dumps);
      expect(stuck).toHaveLength(1);
      expect(stuck[0]).toMatchObject({ why: 'not-entered', sequence, missing: [gone], entered: world.filter(r => r !== gone) });
    }),
    runs(200, 20),
  );
});

test('what one byte changes is read as it says now, or refused in a sentence', () => {
  const json = dumpOf([{ sequence: 1 }, open(2)]);
  fc.assert(
    fc.property(fc.nat({ max: json.length - 1 }), fc.constantFrom('', '"', '}', '9', '-', '\0', 'ß'), (at, by) => {
      try {
        expect(readFlightRecord(json.slice(0, at) + by + json.slice(at + 1), 'rank_0.json').calls.length).toBeLessThanOrEqual(2);
      } catch (error) {
        expect(error).toBeInstanceOf(ForensicsError);
        expect((error as Error).message).toMatch(/^rank_0\.json\b.*\.$/s);
      }
    }),
    runs(500, 50),
  );
});

test('of two groups that hang, the one comes first whose missing rank waits nowhere else', () => {
  const [dp, tp] = [
    { group: 'dp', ranks: [0, 1] },
    { group: 'tp', ranks: [1, 2] },
  ];
  const { stuck } = judged(
    new Map([
      [0, dumpOf([open(4, dp)])],
      [1, dumpOf([{ sequence: 3, ...dp }, open(9, tp)])],
      [2, dumpOf([{ sequence: 8, ...tp }])],
    ]),
  );
  expect(stuck.map(s => [s.purpose, s.missing, s.elsewhere[0]?.waitsIn?.group])).toEqual([
    ['tp', [2], undefined],
    ['dp', [1], 'tp'],
  ]);
});
test('a rank whose dump is missing is named, and not accused', () => {
  const judgement = judged(new Map([0, 1, 3].map(r => [r, dumpOf([open(1)])] as const)));
  expect(judgement.absent).toEqual([2]);
  expect(flightSentences(judgement).join(' ')).toMatch(/no dump was given of rank 2.*Dumps of rank 2 are missing/);
});
test('all entered and none is through: nobody is missing', () => {
  const said = flightSentences(judged(new Map([0, 1, 2, 3].map(r => [r, dumpOf([open(1)])] as const))));
  expect(said[0]).toMatch(/^All ranks entered collective 1 .* nobody is missing/);
});
test('a rank that came 30 ms after the first to a finished collective is late, by the clocks of the hosts', () => {
  const at = (ms: bigint) => 1796069174000000000n + ms * 1_000_000n;
  const dumps = new Map(
    [0, 1, 2, 3].map(
      r =>
        [
          r,
          dumpOf([
            { sequence: 1, created: at(r === 2 ? 30n : 0n) },
            { sequence: 2, created: at(r === 3 ? 49n : 40n) },
          ]),
        ] as const,
    ),
  );
  const { late } = judged(dumps);
  expect(late.map(l => [l.rank, l.late, l.of, l.worst_ms, l.worst.sequence])).toEqual([[2, 1, 2, 30, 1]]);
});

describe('files', () => {
  test('of a folder are those that are dumps', () => expect(flightRecordsAmong([import.meta.dirname])).toHaveLength(12));
  test('as pickles are refused with what makes them JSON', () => {
    const pickle = join(folder, 'nccl_trace_rank_0');
    writeFileSync(pickle, Buffer.concat([Buffer.from([0x80, 2, 0x7d]), Buffer.from('(X\u0009pg_config')]));
    expect(() => flightRecordsAmong([pickle])).toThrow(/as a pickle, which can run a program as it is read/);
  });
  test('of one rank given twice are refused', async () => {
    await expect(examine([real('hang')[0]!, real('fine')[0]!])).rejects.toThrow('two dumps are of rank 0');
  });
  test.each([
    ['nccl_trace_rank_12', 12],
    ['nccl_trace_rank_3.json', 3],
    ['rank-7_dump.json', 7],
    ['fr_5.json.gz', 5],
    ['trace.json', undefined],
  ])('%s is of rank %s', (name, rank) => expect(rankOf(name)).toBe(rank));
  test.each([
    ['of version 1', dumpOf([], { version: '1.5' }), 'nccl_trace_rank_0', /field version: "1.5" is not what belongs here/],
    ['cut off', dumpOf([open(1)]).slice(0, 60), 'nccl_trace_rank_0', /it is not a whole JSON document/],
    ['without a rank in its name', dumpOf([open(1)]), 'trace.json', /its name holds no number of a rank/],
  ])('%s are refused', (_, json, name, why) => expect(() => readFlightRecord(json, name)).toThrow(why));
});
