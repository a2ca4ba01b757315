import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAdapterList } from '#app/load-test/adapter-list';
import nativeRequests from '#input/formats/native-requests/importer';
import { MockScript } from '#record/load-test/mock/script';
import { type MockServer, startMock } from '#record/load-test/mock/server';
import { Load } from '#schema/load';
import { assertBuilt, failureOf, runCli } from './run-cli.ts';

const PATIENCE = 120_000;
const root = mkdtempSync(join(tmpdir(), 'load adapters '));
const list = join(root, 'lora list.txt');
let mock: MockServer;
/** Answers as Triton does, and keeps what it was asked. */
let triton: Server;
const bodies: Record<string, unknown>[] = [];

beforeAll(async () => {
  assertBuilt();
  writeFileSync(list, '# four of them\nsql /weights/sql.bin\nlaw\n\nmed  /weights/med file.bin\ncode\n');
  mock = await startMock(MockScript.parse({ ttft_ms: 5, itl_ms: 1 }), 0);
  triton = createServer((request, response) => {
    let text = '';
    request.on('data', piece => {
      text += piece;
    });
    request.on('end', () => {
      bodies.push(JSON.parse(text) as Record<string, unknown>);
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.end('data: {"text_output": "a"}\n\n');
    });
  });
  await new Promise<void>(done => triton.listen(0, '127.0.0.1', done));
}, PATIENCE);
afterAll(async () => {
  await mock.close();
  triton.close();
  rmSync(root, { recursive: true, force: true });
});
const SMALL = ['--prompt-tokens', '8', '--output-tokens', '3'];
const rowsOf = (folder: string) => nativeRequests.parse(readFileSync(join(folder, 'requests.jsonl'), 'utf8'), 'requests.jsonl');

test('a list has a name on each line, and may say where the weights are', () => {
  expect(readAdapterList(list)).toEqual([
    { name: 'sql', file: '/weights/sql.bin' },
    { name: 'law', file: null },
    { name: 'med', file: '/weights/med file.bin' },
    { name: 'code', file: null },
  ]);
});

describe('forensics load --api triton --adapters', () => {
  test(
    'asks for adapters in the order that the seed gives, and says in the log who asked for which, from the intended start to the first token',
    async () => {
      const out = join(root, 'triton');
      const url = `http://127.0.0.1:${(triton.address() as AddressInfo).port}/v2/models/ensemble/generate_stream`;
      const args = ['load', url, '--rate', '100', '--requests', '20', ...SMALL, '--adapters', list, '--nonce', '--seed', '5'];
      const { code } = await runCli([...args, '--out', out]);
      // 3: a busy machine may not keep the schedule.
      expect([0, 3]).toContain(code);
      const { rows, warnings } = rowsOf(out);
      expect(warnings).toEqual([]);
      expect(rows).toHaveLength(20);
      // The first was the probe, which asks for no adapter: one that is loaded then would not be cold in the run.
      const [probe, ...asked] = bodies;
      expect(probe?.['parameters']).toBeUndefined();
      const names = asked.map(body => (body['parameters'] as { lora_name: string }).lora_name);
      expect(names.toSorted()).toEqual(rows.map(row => row.adapter).toSorted());
      expect(new Set(names).size).toBe(4);
      expect(rows.every(row => (row.first_token_ms ?? 0) > (row.intended_ms ?? Number.NaN))).toBe(true);
      const texts = asked.map(body => String(body['text_input']).split(' '));
      expect(new Set(texts.map(words => words.slice(0, 5).join(' '))).size).toBe(20);
      expect(texts.every(words => words.length === 8)).toBe(true);
      const load = Load.parse(JSON.parse(readFileSync(join(out, 'load.json'), 'utf8')));
      const [stage] = load.stages;
      expect(load).toMatchObject({ api: 'triton', model: null, nonce: true, adapters: { names: 4, session: 'random', sessions: 4 } });
      expect(stage?.latencies.some(l => l.metric === 'ttft' && l.from === 'intended')).toBe(true);
    },
    PATIENCE,
  );

  test(
    'closed loop: each place sticks to its adapter',
    async () => {
      const out = join(root, 'sticky');
      const url = `http://127.0.0.1:${mock.port}/v2/models/ensemble/generate_stream`;
      const args = ['load', url, '--concurrency', '3', '--duration', '0.5', ...SMALL, '--adapters', list, '--adapter-session', 'sticky'];
      const { code } = await runCli([...args, '--out', out]);
      expect([0, 3]).toContain(code);
      const { rows } = rowsOf(out);
      expect(new Set(rows.map(row => row.session))).toEqual(new Set([0, 1, 2]));
      expect(new Set(rows.map(row => `${row.session} ${row.adapter}`)).size).toBe(3);
      expect(rows.every(row => row.first_token_ms !== null && row.output_tokens === 3)).toBe(true);
    },
    PATIENCE,
  );

  const refusal = async (...args: string[]) =>
    failureOf(await runCli(['load', 'http://127.0.0.1:9/v1/completions', '--rate', '1', ...args])).sentence;
  test('what makes no sense is refused before anybody is asked', async () => {
    writeFileSync(join(root, 'twice.txt'), 'sql\nsql\n');
    writeFileSync(join(root, 'empty.txt'), '# none\n');
    expect(await refusal('--adapter-session', 'sticky')).toContain('--adapter-session needs adapters');
    expect(await refusal('--adapters', join(root, 'twice.txt'))).toContain('names the adapter sql twice');
    expect(await refusal('--adapters', join(root, 'empty.txt'))).toContain('names no adapter');
    expect(await refusal('--adapters', join(root, 'nowhere.txt'))).toContain('does not exist');
    expect(await refusal('--nonce', '--prompt-as', 'ids')).toContain('--nonce and --prompt-file make words');
    expect(await refusal('--nonce', '--api', 'http')).toContain('plain HTTP has no prompts');
    expect(await refusal('--prompt-file', join(root, 'nowhere.txt'))).toContain('cannot be read');
  });
});
