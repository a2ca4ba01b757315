import type Database from 'better-sqlite3';
import { ForensicsError } from '#core/errors';
import { isNvprof } from './recorder.ts';
import type { VendorTables } from './vendor-tables.ts';

/** Makes sure that a database was written by Nsight Systems. @throws ForensicsError not-a-trace */
export function assertOfNsys(db: Database.Database, vendor: VendorTables, shown: string): void {
  if (vendor.missing.size === vendor.source.size)
    throw new ForensicsError(
      'not-a-trace',
      `${shown} is a SQLite file without any table of Nsight Systems`,
      'Name the file that `nsys export --type sqlite` wrote.',
    );
  if (isNvprof(db))
    throw new ForensicsError(
      'not-a-trace',
      `${shown} was written by nvprof, not by Nsight Systems`,
      'Record with nsys (`forensics capture`), or export its report with `nsys export --type sqlite`.',
    );
}
