import type Database from 'better-sqlite3';

/** A change of a whole relation of a trace, as a damaged export or a careless merge would make it. */
export interface RelationChange {
  readonly what: string;
  readonly apply: (db: Database.Database) => void;
}

const quoted = (name: string): string => `"${name}"`;

/** Tables of events: what is asked of a trace rests on each of them. */
const EVENTS = /^(CUPTI_ACTIVITY_KIND_\w+|OSRT_API|NVTX_EVENTS|PROFILER_OVERHEAD|UM_\w+|CUDA_UM_\w+)$/;
const isUsed = (table: string) => EVENTS.test(table) || /^(TARGET_INFO_\w+|ThreadNames|PROCESSES)$/.test(table);

const MS = 1_000_000;
/** Less than a fault lasts, about as long as one, and far more. */
const SHIFTS_MS = [20, -100, 1000] as const;
/** Relations of which each tells when the other's rows were: each other's times are what a wrong join would give them. */
const SWAPPED = [
  ['CUPTI_ACTIVITY_KIND_KERNEL', 'CUPTI_ACTIVITY_KIND_RUNTIME'],
  ['CUPTI_ACTIVITY_KIND_KERNEL', 'CUPTI_ACTIVITY_KIND_MEMCPY'],
  ['CUPTI_ACTIVITY_KIND_RUNTIME', 'OSRT_API'],
] as const;

function tablesOf(db: Database.Database): readonly string[] {
  const names = db.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).pluck().all();
  return names.filter(name => isUsed(name) && db.prepare(`SELECT 1 FROM ${quoted(name)} LIMIT 1`).get() !== undefined);
}
const hasColumn = (db: Database.Database, table: string, column: string) =>
  db.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column) !== undefined;
const isTimed = (db: Database.Database, table: string) => hasColumn(db, table, 'start') && hasColumn(db, table, 'end');

const change = (what: string, ...statements: readonly string[]): RelationChange => ({
  what,
  apply: db => {
    for (const statement of statements) db.exec(statement);
  },
});

function ofTable(db: Database.Database, table: string): readonly RelationChange[] {
  const at = quoted(table);
  const plain = [
    change(`${table} emptied`, `DELETE FROM ${at}`),
    change(`${table} halved: each second row`, `DELETE FROM ${at} WHERE rowid % 2 = 0`),
    change(
      `${table} duplicated`,
      `CREATE TABLE doubled AS SELECT * FROM ${at} UNION ALL SELECT * FROM ${at}`,
      `DROP TABLE ${at}`,
      `ALTER TABLE doubled RENAME TO ${at}`,
    ),
  ];
  if (!isTimed(db, table)) return plain;
  return [
    ...plain,
    change(
      `${table} halved: the later half`,
      `DELETE FROM ${at} WHERE start > (SELECT start FROM ${at} ORDER BY start LIMIT 1 OFFSET (SELECT count(*) / 2 FROM ${at}))`,
    ),
    ...SHIFTS_MS.map(ms =>
      change(`${table} shifted by ${ms} ms`, `UPDATE ${at} SET start = start + ${ms * MS}, "end" = "end" + ${ms * MS}`),
    ),
  ];
}

/** Gives the rows of two tables each other's times, in their order, over again where one has fewer. */
function swapTimes(a: string, b: string): RelationChange {
  const ranked = (name: string, table: string) =>
    `CREATE TEMP TABLE ${name} AS SELECT row_number() OVER (ORDER BY rowid) - 1 AS k, start, "end" FROM ${quoted(table)}; CREATE INDEX temp.${name}_k ON ${name} (k)`;
  const take = (table: string, from: string) =>
    `CREATE TEMP TABLE place AS SELECT rowid AS id, (row_number() OVER (ORDER BY rowid) - 1) % (SELECT count(*) FROM ${from}) AS k FROM ${quoted(table)};
     CREATE INDEX temp.place_id ON place (id);
     UPDATE ${quoted(table)} SET (start, "end") = (SELECT t.start, t."end" FROM place AS p JOIN ${from} AS t ON t.k = p.k WHERE p.id = ${quoted(table)}.rowid);
     DROP TABLE place`;
  return change(`times of ${a} and ${b} swapped`, ranked('times_a', a), ranked('times_b', b), take(a, 'times_b'), take(b, 'times_a'));
}

/** Two devices that take each other's place in one relation. */
const swapDevices = (table: string): RelationChange =>
  change(`devices 0 and 1 of ${table} swapped`, `UPDATE ${quoted(table)} SET deviceId = 1 - deviceId WHERE deviceId IN (0, 1)`);

/** All changes of a trace, for a trace that has these tables. */
export function changesOf(db: Database.Database): readonly RelationChange[] {
  const tables = tablesOf(db);
  const several = tables.filter(
    table =>
      hasColumn(db, table, 'deviceId') && db.prepare(`SELECT 1 FROM ${quoted(table)} WHERE deviceId = 1 LIMIT 1`).get() !== undefined,
  );
  return [
    ...tables.flatMap(table => ofTable(db, table)),
    ...SWAPPED.filter(pair => pair.every(table => tables.includes(table))).map(([a, b]) => swapTimes(a, b)),
    ...several.map(swapDevices),
  ];
}
