import type Database from 'better-sqlite3';

/** Columns of the vendor's tables that hold times of the session. */
export const TIME_COLUMNS: ReadonlySet<string> = new Set(['start', 'end', 'timestamp']);

/** Tables of which one has rows in any trace that is worth reading. */
const EVENT_TABLES = ['CUPTI_ACTIVITY_KIND_KERNEL', 'CUPTI_ACTIVITY_KIND_GRAPH_TRACE', 'CUPTI_ACTIVITY_KIND_RUNTIME', 'OSRT_API'];
/** Three years: no session lasts as long, and every date since 1973 is later. */
const NO_SESSION_NS = 100_000_000_000_000_000n;

/**
 * What an export with `--ts-normalize=true` has added to its times, ns: it shifts them to the UNIX epoch, by the epoch time at which the session
 * began (User Guide, `nsys export`); undefined where they count from the session's begin. Told by their size, and taken off in whole
 * numbers: as doubles, times of the epoch are good to 256 ns, which is many a kernel.
 * @param tables names of the tables that hold rows, by the vendor's own
 */
export function epochOrigin(db: Database.Database, tables: (vendor: string) => string | undefined): bigint | undefined {
  const first = (table: string | undefined, column: string): bigint | undefined => {
    if (table === undefined) return undefined;
    const value = db.prepare(`SELECT "${column}" FROM main."${table}" WHERE "${column}" > 0 LIMIT 1`).safeIntegers().pluck().get();
    return typeof value === 'bigint' ? value : undefined;
  };
  const time = EVENT_TABLES.map(t => first(tables(t), 'start')).find(t => t !== undefined);
  if (time === undefined || time < NO_SESSION_NS) return undefined;
  // Without the session's begin the times of the trace stay right among each other.
  return first(tables('TARGET_INFO_SESSION_START_TIME'), 'utcEpochNs') ?? time;
}
