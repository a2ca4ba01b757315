import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { buildTrace } from '#test/synthetic-trace';
import { TraceStore } from './trace-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'recorder-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['3.25.0', false],
  ['3.24.14', false],
  ['2.99.0', false],
  ['3.26.0', true],
  ['4.0.1', true],
  ['', false],
])('schema %s is newer than what is known: %s', async (schema, isNewer) => {
  const path = join(folder, `${schema}.sqlite`);
  buildTrace(path, { version: '3.25.0', epochNs: 1n, kernels: [{ start: 5, end: 9, pid: 3, correlation: 1, name: 'gemm' }] });
  const db = new Database(path);
  db.prepare("UPDATE META_DATA_EXPORT SET value = ? WHERE name = 'EXPORT_SCHEMA_VERSION'").run(schema);
  const add = db.prepare('INSERT INTO META_DATA_EXPORT (name, value) VALUES (?, ?)');
  add.run('EXPORT_PRODUCT_NAME', 'NVIDIA Nsight Systems');
  add.run('EXPORT_PRODUCT_VERSION', '2027.1.1.1');
  db.close();
  const store = await TraceStore.open(path);
  const said = { format: 'nsys-sqlite', product: 'NVIDIA Nsight Systems', version: '2027.1.1.1', isNewer };
  expect(store.recorder).toEqual({ ...said, schema: schema === '' ? undefined : schema });
  expect(store.missing('kernel')).toBeUndefined();
  store.close();
});
