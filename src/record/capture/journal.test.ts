import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openJournal, type Plan, readJournal } from './journal.ts';

const root = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const asIs = (text: string) => text;
let made = 0;
const path = () => join(root, `${made++}.jsonl`);
const events = (file: string) => readJournal(file).map(e => e.event);

test('what is told is on disk at once', () => {
  const file = path();
  const journal = openJournal(file, asIs);
  journal.tell({ event: 'window-opened', name: 'trace' });
  expect(readJournal(file)).toEqual(journal.entries());
  expect(readJournal(file)).toMatchObject([{ event: 'window-opened', name: 'trace', at: expect.stringMatching(/^\d{19}$/) }]);
});

test('a journal that is opened again keeps what is in it', () => {
  const file = path();
  openJournal(file, asIs).tell({ event: 'ready' });
  const again = openJournal(file, asIs);
  again.tell({ event: 'recorded' });
  expect(again.entries().map(e => e.event)).toEqual(['ready', 'recorded']);
  expect(events(file)).toEqual(['ready', 'recorded']);
});

describe('a line that a kill cut off', () => {
  const torn = '{"at":"1795338219857000000","event":"windo';
  test('is passed over', () => {
    const file = path();
    openJournal(file, asIs).tell({ event: 'ready' });
    appendFileSync(file, torn);
    expect(events(file)).toEqual(['ready']);
  });
  test('does not take the next entry with it', () => {
    const file = path();
    writeFileSync(file, torn);
    const journal = openJournal(file, asIs);
    journal.tell({ event: 'orphaned' });
    journal.tell({ event: 'swept' });
    expect(events(file)).toEqual(['orphaned', 'swept']);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
  });
  test('may be all there is', () => {
    const file = path();
    writeFileSync(file, torn);
    expect(events(file)).toEqual([]);
    writeFileSync(file, '');
    expect(events(file)).toEqual([]);
  });
});

test.each([
  ['an event that is not known', '{"at":"1795338219857000000","event":"teleported"}'],
  ['an event that lacks something', '{"at":"1795338219857000000","event":"window-opened"}'],
  ['an entry with something more', '{"at":"1795338219857000000","event":"ready","more":1}'],
  ['no entry at all', '[1, 2]'],
])('%s is refused, with its line', (_, line) => {
  const file = path();
  openJournal(file, asIs).tell({ event: 'ready' });
  appendFileSync(file, `${line}\n`);
  expect(() => readJournal(file)).toThrow(`${file}, line 2, is no entry of a capture's journal`);
});

test('a journal that somebody removed, with its folder or alone, is written again from its beginning', () => {
  const file = path();
  const journal = openJournal(file, asIs);
  journal.tell({ event: 'ready' });
  rmSync(file);
  journal.tell({ event: 'load-started' });
  rmSync(root, { recursive: true });
  mkdirSync(root);
  journal.tell({ event: 'recorded' });
  expect(readJournal(file).map(e => e.event)).toEqual(['ready', 'load-started', 'recorded']);
});
test('a journal that cannot be written is no failure: the case is built from what is remembered', () => {
  const file = path();
  mkdirSync(`${file}-folder`);
  const journal = openJournal(file, asIs);
  rmSync(root, { recursive: true });
  journal.tell({ event: 'recorded' });
  expect(journal.entries()).toMatchObject([
    { event: 'recorded' },
    { event: 'note', what: 'the journal could not be written (there is no such file)' },
  ]);
  mkdirSync(root);
});

test('what it says is cleaned, and of the file of requests it keeps the name', () => {
  const file = path();
  const plan: Plan = {
    version: '1',
    command: ['serve'],
    preset: 'default',
    nsys: { path: '/home/alice/nsys', version: '2025.3', method: 'profile', why: 'asked', flags: [] },
    delay_s: 0,
    duration_s: null,
    windows: 1,
    per_rank: false,
    requests: '/home/alice/acme/requests.jsonl',
    load: null,
    control: null,
    afterwards: 'wait',
    redact: true,
    keep_env: [],
  };
  const journal = openJournal(file, text => text.replaceAll('alice', '<user>'));
  journal.tell({ event: 'planned', plan });
  journal.tell({ event: 'missing', what: '/home/alice/x could not be read' });
  expect(readFileSync(file, 'utf8')).not.toMatch(/alice|acme/);
  expect(journal.entries()).toEqual(readJournal(file));
  expect(journal.entries()[0]).toMatchObject({ plan: { requests: 'requests.jsonl', nsys: { path: '/home/<user>/nsys' } } });
});
