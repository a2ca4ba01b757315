import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Health } from '#schema/health';
import { forensics } from './run-cli.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const NVIDIA = join(SHARED, 'samples/nvidia');
const CASES = join(SHARED, 'cases/files');
const PHYS = join(SHARED, 'captures/phys');
sayWhatIsMissing('the rules on outputs of real machines were', NVIDIA, CASES, PHYS);

const root = mkdtempSync(join(tmpdir(), 'forensics-doctor-machine-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** A folder of saved outputs: files as they lie there, or texts by name. */
function saved(files: readonly string[], texts: Readonly<Record<string, string>> = {}): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  for (const file of files) cpSync(file, join(folder, file.replaceAll('/', '_')));
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  return folder;
}
