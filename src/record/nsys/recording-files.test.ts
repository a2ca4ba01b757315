import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Nsys } from './installed.ts';
import { escaped, exportRecording, importRecording } from './recording-files.ts';

const root = mkdtempSync(join(tmpdir(), 'recording-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
function folder(files: Readonly<Record<string, string>>): string {
  const path = join(root, String(made++));
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}
/** A program of a few lines of shell. */
function program(script: string): string {
  const path = join(root, `program-${made++}`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}
const none = new Map<string, undefined>();
const nsys = (path: string, importer?: string): Nsys => ({
  path,
  version: '2022.4.2',
  options: { profile: none, launch: none, start: none, stop: none, shutdown: none, export: none },
  importer,
});
/** As the real one is called: -i RAW -o REPORT. */
const importer = program('echo "Importing [1%]"; cp "$2" "$4"');
const SECONDS = 20;

describe('what nsys left', () => {
  test('is the recording, where there is one', async () => {
    const at = folder({ 'trace.nsys-rep': 'recording', 'trace.qdstrm': 'raw' });
    expect(await importRecording(nsys('/none'), join(at, 'trace'), SECONDS, {})).toBe(join(at, 'trace.nsys-rep'));
  });
  test('is imported where it is raw; the raw file goes once all is in the recording', async () => {
    const at = folder({ 'trace.qdstrm': 'raw', 'trace.part.nsys-rep': 'of an import that was cut off' });
    const recording = await importRecording(nsys('/none', importer), join(at, 'trace'), SECONDS, process.env);
    expect(readFileSync(recording, 'utf8')).toBe('raw');
    expect(readdirSync(at)).toEqual(['trace.nsys-rep']);
  });
  test.each([
    ['fails', 'echo "Importing [50%]"; echo "Wrong magic number" >&2; exit 7', 'Wrong magic number (exit code 7)'],
    ['fails half-way', 'echo half > "$4"; echo broken; exit 1', 'broken (exit code 1)'],
    ['makes nothing', 'exit 0', 'it said nothing (exit code 0)'],
    ['dies', 'kill -9 $$', 'it said nothing (exit code none)'],
  ])('is kept as it is where the importer %s', async (_, script, said) => {
    const at = folder({ 'trace.qdstrm': 'raw' });
    await expect(importRecording(nsys('/none', program(script)), join(at, 'trace'), SECONDS, process.env)).rejects.toMatchObject({
      code: 'damaged-trace',
      message: `${at}/trace.qdstrm could not be imported: ${said}`,
    });
    expect(readdirSync(at)).toEqual(['trace.qdstrm']);
  });
  test('is kept where the importer never ends', async () => {
    const at = folder({ 'trace.qdstrm': 'raw' });
    const hangs = program('sleep 60 & sleep 60');
    await expect(importRecording(nsys('/none', hangs), join(at, 'trace'), 0.3, process.env)).rejects.toThrow('it ran past its time limit');
    expect(readdirSync(at)).toEqual(['trace.qdstrm']);
  });
  test('cannot be imported without an importer, or where there is nothing', async () => {
    const at = folder({ 'trace.qdstrm': 'raw' });
    await expect(importRecording(nsys('/none'), join(at, 'trace'), SECONDS, {})).rejects.toMatchObject({ code: 'unsupported' });
    await expect(importRecording(nsys('/none'), join(at, 'other'), SECONDS, {})).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the export of a recording', () => {
  /** As the real one is called: export --type sqlite --force-overwrite true --output FILE REPORT. */
  const exporter = program('[ "$1" = export ] && cp "$8" "$7"');
  test('appears under its name once it is whole', async () => {
    const at = folder({ 'trace.nsys-rep': 'recording', 'trace.sqlite.part.sqlite': 'of an export that was cut off' });
    await exportRecording(nsys(exporter), join(at, 'trace.nsys-rep'), join(at, 'trace.sqlite'), SECONDS, process.env);
    expect(readFileSync(join(at, 'trace.sqlite'), 'utf8')).toBe('recording');
    expect(readdirSync(at)).toEqual(['trace.nsys-rep', 'trace.sqlite']);
  });
  test('holds the payloads of ranges, where this nsys leaves them out unless asked', async () => {
    const at = folder({ 'trace.nsys-rep': 'recording' });
    const asked = nsys(program('[ "$6" = --include-blobs=true ] && cp "$9" "$8"'));
    const newer = { ...asked, options: { ...asked.options, export: new Map([['include-blobs', undefined]]) } };
    await exportRecording(newer, join(at, 'trace.nsys-rep'), join(at, 'trace.sqlite'), SECONDS, process.env);
    expect(readFileSync(join(at, 'trace.sqlite'), 'utf8')).toBe('recording');
  });
  test.each([
    ['fails', 'echo half > "$7"; echo "No space left on device" >&2; exit 1', 'No space left on device (exit code 1)'],
    ['makes nothing', 'exit 0', 'it said nothing (exit code 0)'],
  ])('leaves nothing where it %s, and the recording as it is', async (_, script, said) => {
    const at = folder({ 'trace.nsys-rep': 'recording' });
    const recording = join(at, 'trace.nsys-rep');
    await expect(exportRecording(nsys(program(script)), recording, join(at, 'trace.sqlite'), SECONDS, process.env)).rejects.toMatchObject({
      code: 'damaged-trace',
      message: `${recording} could not be exported to SQLite: ${said}`,
    });
    expect(readdirSync(at)).toEqual(['trace.nsys-rep']);
    expect(existsSync(recording)).toBe(true);
  });
});

test('a percent sign is doubled: nsys fills in patterns', () => expect(escaped('/a%h/100%')).toBe('/a%%h/100%%'));
