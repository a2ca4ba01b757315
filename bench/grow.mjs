// Makes a trace N times as long: every row of every event table again, later, with correlation ids of its own.
//   node bench/grow.mjs IN.sqlite OUT.sqlite TIMES
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';

/** @returns how much later each time begins than the one before, ns */
export function grow(input, output, times) {
  rmSync(output, { force: true });
  copyFileSync(input, output);
  const db = new Database(output);
  db.pragma('journal_mode = off');
  db.pragma('synchronous = off');
  const tables = [
    'CUPTI_ACTIVITY_KIND_KERNEL',
    'CUPTI_ACTIVITY_KIND_MEMCPY',
    'CUPTI_ACTIVITY_KIND_MEMSET',
    'CUPTI_ACTIVITY_KIND_RUNTIME',
    'CUPTI_ACTIVITY_KIND_SYNCHRONIZATION',
    'CUPTI_ACTIVITY_KIND_CUDA_EVENT',
    'NVTX_EVENTS',
    'OSRT_API',
    'PROFILER_OVERHEAD',
  ];
  const present = new Set(db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all());
  const length = db.prepare('SELECT max("end") FROM CUPTI_ACTIVITY_KIND_RUNTIME').pluck().get() + 1_000_000;
  const ids = db.prepare('SELECT max(correlationId) FROM CUPTI_ACTIVITY_KIND_RUNTIME').pluck().get() + 1;
  for (const table of tables.filter(t => present.has(t))) {
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table);
    const shifted = columns.map(c =>
      c === 'start' || c === 'end'
        ? `"${c}" + k.n * ${length}`
        : c === 'correlationId' || c === 'eventSyncId'
          ? `"${c}" + k.n * ${ids}`
          : `"${c}"`,
    );
    // Time by time, so that rows stay in order of start as nsys writes them.
    const rows = db.prepare(`SELECT max(rowid) FROM "${table}"`).pluck().get() ?? 0;
    for (let n = 1; n < times; n++)
      db.exec(
        `INSERT INTO "${table}" SELECT ${shifted.join(', ')} FROM "${table}", (SELECT ${n} AS n) AS k WHERE "${table}".rowid <= ${rows}`,
      );
  }
  db.close();
  return length;
}

/** The same for the requests beside it, in the layout of our own load test. @param shiftNs what `grow` returned */
export function growRequests(input, output, times, shiftNs) {
  const rows = readFileSync(input, 'utf8').trimEnd().split('\n');
  const later = (row, n) =>
    row
      .replace(/"(\w+_ns)": ?(\d+)/g, (_, name, ns) => `"${name}": ${BigInt(ns) + BigInt(n) * BigInt(shiftNs)}`)
      .replace(/"id": ?"?([^",]+)"?/, `"id": "$1-${n}"`);
  writeFileSync(output, `${Array.from({ length: times }, (_, n) => rows.map(row => later(row, n)).join('\n')).join('\n')}\n`);
}

if (process.argv[1]?.endsWith('grow.mjs')) grow(process.argv[2], process.argv[3], Number(process.argv[4] ?? 10));
