import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { CAUSES } from '#schema/causes';
import { Report } from '#schema/report';
import { failureOf, runCli } from './run-cli.ts';
import { writeSmallCase } from './small-case.ts';

const PATIENCE = 120_000;
const root = mkdtempSync(join(tmpdir(), 'mapped-requests-'));
const plain = join(root, 'plain');
const alone = join(root, 'alone.sqlite');
const table = join(root, 'mine.csv');
const Line = z.object({ id: z.union([z.string(), z.number()]), arrival_ns: z.number(), finish_ns: z.number(), output_tokens: z.number() });

beforeAll(() => {
  writeSmallCase(plain);
  copyFileSync(join(plain, 'trace.sqlite'), alone);
  // The stamps are beyond 2^53: they are taken as they stand.
  const lines = readFileSync(join(plain, 'requests.jsonl'), 'utf8').trimEnd().split('\n');
  const cell = (line: string, field: string) => new RegExp(`"${field}":\\s*"?([^",}]+)`).exec(line)?.[1] ?? '';
  expect(Line.safeParse(JSON.parse(lines[0] ?? '')).error).toBeUndefined();
  const rows = lines.map(l => ['id', 'arrival_ns', 'first_token_ns', 'finish_ns', 'output_tokens'].map(f => cell(l, f)).join(';'));
  writeFileSync(table, `who;began;first;done;answer_tokens\n${rows.join('\n')}\n`);
}, PATIENCE);
afterAll(() => rmSync(root, { recursive: true, force: true }));

test(
  'a table of any tool is analyzed like the same requests in a known format',
  async () => {
    const columns = 'id=who,start=began,first_token=first,end=done,output_tokens=answer_tokens';
    const json = async (...words: string[]) => {
      const run = await runCli(['analyze', ...words, '--json', '--out', join(root, words.length > 2 ? 'mapped' : 'known')]);
      return Report.parse(JSON.parse(run.stdout));
    };
    const mapped = await json(alone, '--requests', table, '--columns', columns);
    expect(mapped.inputs).toContainEqual(expect.objectContaining({ path: 'mine.csv', format: 'mapped-columns', kind: 'requests' }));
    // The small case has times between tokens beside these, which a table of one row a request has not.
    expect(mapped.latency).toEqual((await json(plain)).latency.filter(l => l.metric !== 'itl'));
    expect(mapped.incidents.length).toBeGreaterThan(0);
  },
  PATIENCE,
);

test('a table that nothing knows is refused with what it seems to be, ready to paste', async () => {
  const { sentence, hint } = failureOf(await runCli(['analyze', alone, '--requests', table, '--out', join(root, 'none')]));
  expect(sentence).toContain('is in no known format of requests');
  expect(hint).toContain('--columns start=began,end=done,first_token=first,output_tokens=answer_tokens');
});
test('the nearest format is named, with what the table lacks of it', async () => {
  const near = join(root, 'near.csv');
  writeFileSync(near, 'request-start,request-duration,bytes\n0.1,0.2,3\n');
  const { sentence, hint } = failureOf(await runCli(['analyze', alone, '--requests', near, '--out', join(root, 'none')]));
  expect(sentence).toContain('nearest: oha requests (--output-format csv) (it lacks status)');
  expect(hint).toContain('--columns start=request-start,duration=request-duration');
});
test('one in a folder that looks like requests is passed over with the way to use it', async () => {
  const folder = join(root, 'folder');
  mkdirSync(folder);
  copyFileSync(alone, join(folder, 'trace.sqlite'));
  writeFileSync(join(folder, 'load.csv'), 'start_ms,end_ms\n1,2\n');
  const { stderr } = await runCli(['analyze', folder, '--out', join(root, 'of folder')]);
  expect(stderr).toContain('it looks like requests: name it with --requests, and --columns start=start_ms,end=end_ms');
});
test('--columns needs --requests', async () =>
  expect(failureOf(await runCli(['analyze', alone, '--columns', 'start=a,end=b'])).sentence).toContain('without --requests'));

test('score refuses a fault that it does not know, with the list of those that it does', async () => {
  writeFileSync(join(plain, 'truth.json'), JSON.stringify({ faults: [{ cause: 'gremlins', start_ns: 1, end_ns: 2 }] }));
  const { sentence, hint } = failureOf(await runCli(['score', plain]));
  expect(sentence).toContain('truth.json names the fault "gremlins"');
  for (const cause of CAUSES) expect(hint).toContain(cause);
});

test.each([
  ['{"faults":[{"start_ns":1}]}', 'field faults.0.end_ns: it is missing'],
  ['{"faults":[1e400]}', 'field faults.0: it is larger than any number that can be held'],
  ['{"faults":[}', 'line 1, column 12'],
])('score says where a truth is not one: %s', async (text, why) => {
  writeFileSync(join(plain, 'truth.json'), text);
  expect(failureOf(await runCli(['score', plain])).sentence).toContain(why);
});
