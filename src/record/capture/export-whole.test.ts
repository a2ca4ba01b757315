import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Nsys } from '#record/nsys/installed';
import { exportWhole } from './export-whole.ts';

const SECONDS = 20;
/** As the real one is called: export --type sqlite --force-overwrite true --output FILE REPORT. */
function context(script: (seen: string) => string) {
  const root = mkdtempSync(join(tmpdir(), 'export whole '));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const recording = join(root, 'trace.nsys-rep');
  writeFileSync(recording, 'beginning');
  utimesSync(recording, 0, 0);
  const path = join(root, 'nsys');
  writeFileSync(path, `#!/bin/sh\n${script(join(root, 'seen'))}\n`, { mode: 0o755 });
  const none = new Map<string, undefined>();
  const options = { profile: none, launch: none, start: none, stop: none, shutdown: none, export: none };
  const nsys: Nsys = { path, version: '2025.3.1', options, importer: undefined };
  const to = join(root, 'trace.sqlite');
  return { root, recording, to, run: () => exportWhole(nsys, recording, to, SECONDS, process.env) };
}

test.each([
  ['fails', 'echo "Cannot read from stream"; false'],
  ['makes something of it', 'cp "$8" "$7"'],
])('a recording that is still being written is exported again, where the export %s', async (_, early) => {
  // Dated long ago, so that nobody waits for it to settle.
  const meanwhile = 'printf " and end" >> "$8"; touch -d @1 "$8"';
  const { to, run } = context(seen => `[ -e "${seen}" ] && exec cp "$8" "$7"\n: > "${seen}"\n${early}\ncode=$?\n${meanwhile}\nexit $code`);
  await run();
  expect(readFileSync(to, 'utf8')).toBe('beginning and end');
});

test('one that cannot be exported is not tried again once it is whole, and nothing is left of the export', async () => {
  const { root, recording, run } = context(seen => `echo x >> "${seen}"; echo "Wrong magic number"; exit 1`);
  await expect(run()).rejects.toMatchObject({
    code: 'damaged-trace',
    message: `${recording} could not be exported to SQLite: Wrong magic number (exit code 1)`,
  });
  expect(readFileSync(join(root, 'seen'), 'utf8')).toBe('x\n');
  expect(readdirSync(root).sort()).toEqual(['nsys', 'seen', 'trace.nsys-rep']);
});
