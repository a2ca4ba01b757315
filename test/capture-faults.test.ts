import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJournal } from '#record/capture/journal';
import { Case } from '#schema/case';
import { pretendNsys } from './pretend-nsys.ts';
import { assertBuilt, type Run, spawnCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'capture-faults-'));
beforeAll(assertBuilt, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));
const INCOMPLETE = 3;

/** Captures a few lines of shell, which find as $0 a file that is there once the window opens, and let it open by the file "$0.go". */
function captured(name: string, workload: string, options: readonly string[] = []): Run & { readonly out: string } {
  const { nsys, opening } = pretendNsys(join(root, `${name}-nsys`));
  const out = join(root, name);
  const args = [
    'capture',
    '--out',
    out,
    '--nsys-path',
    nsys,
    '--no-checks',
    '--delay',
    '0',
    ...options,
    '--',
    'sh',
    '-c',
    workload,
    opening,
  ];
  return { ...spawnCli(args), out };
}
const caseIn = (out: string): Case => Case.parse(JSON.parse(readFileSync(join(out, 'case.json'), 'utf8')));
/**
 * Removes both folders of the case while the window opens, waits until they are there again, lets the window open, and goes on until it is
 * told to end. A folder that is written to while it is removed stays, and is removed again.
 */
const REMOVES = `trap "exit 7" TERM; until [ -s "$0" ]; do sleep 0.05; done
until rm -rf "$FORENSICS_CASE" "$FORENSICS_CASE.private"; do :; done
until [ -d "$FORENSICS_CASE" ] && [ -d "$FORENSICS_CASE.private" ]; do sleep 0.05; done
: >"$0.go"
while :; do sleep 0.1; done`;

test('folders that are removed while a capture runs are made again, and its recording survives; what it stops has not failed', () => {
  const { out, code, stderr } = captured('removed', REMOVES, ['--duration', '1', '--stop-workload']);
  expect(stderr).not.toMatch(/^\s+at |This is a bug/m);
  expect(code, stderr).toBe(INCOMPLETE);
  const lost = ['removed', 'removed.private'].map(gone => `${gone} was removed while the capture ran: what had been written to it is lost`);
  expect(caseIn(out)).toMatchObject({
    ...{ status: 'incomplete', missing: expect.arrayContaining(lost) },
    ...{ windows: [{ traces: ['trace.sqlite'] }], workload: { exit_code: 7 } },
  });
  expect(existsSync(join(out, 'trace.sqlite'))).toBe(true);
  // What happened before is known, too.
  const events = readJournal(join(out, 'journal.jsonl')).map(e => e.event);
  expect(events[0]).toBe('planned');
  expect(events).toEqual(
    expect.arrayContaining(['workload-started', 'window-opened', 'window-closed', 'workload-stopped', 'workload-ended', 'recorded']),
  );
});
