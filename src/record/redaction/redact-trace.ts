import { renameSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ForensicsError } from '#core/errors';
import { partOf, sweepParts } from '#core/temporary/parts';
import { copyDatabase } from '#trace/nsys/copy-database';
import { openTraceFile } from '#trace/nsys/open-file';
import { pause } from './chunks.ts';
import { defineCleaning } from './clean-cell.ts';
import { isKept } from './env-names.ts';
import { asForensicsError } from './failures.ts';
import { foundInTrace } from './found-in-trace.ts';
import { placeOf } from './place-of.ts';
import { publicTexts, withoutPublic } from './public-texts.ts';
import { type Cells, cellsLeft, rewrite } from './rewrite.ts';
import { scanFile } from './scan.ts';
import { tablesOf } from './schema.ts';
import { joinSecrets, type SecretKind, type Secrets, secretsFrom } from './secrets.ts';
import { assertTarget, openCopy, remove } from './working-copy.ts';

export interface RedactionRequest {
  /** A `.sqlite` or `.sqlite.gz` export. It is read, and never changed. */
  readonly from: string;
  /** The copy; it must not exist yet. */
  readonly to: string;
  /** Secrets known from elsewhere, besides those that the trace itself gives away. */
  readonly secrets?: Secrets;
  /** Prefixes of variables to keep besides the allow-list. */
  readonly keep?: readonly string[];
  /** Told each step. */
  readonly progress?: (step: string) => void;
  /** Stops the work within a step; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
}

/** What was done, in numbers: none of the secrets is named. */
export interface Redaction {
  readonly secrets: number;
  readonly kinds: Readonly<Partial<Record<SecretKind, number>>>;
  /** Names of variables whose values were kept, and number of those whose values were not. */
  readonly variables: { readonly kept: readonly string[]; readonly hidden: number };
  readonly cells: number;
  readonly cellsByTable: Readonly<Record<string, number>>;
  /** Bytes of the copy, all of which were read for every secret. */
  readonly bytesScanned: number;
  readonly found: 0;
  /** Values that are ordinary words and still stand in names of functions, labels or enumerations. */
  readonly ordinaryWords: number;
}

interface Rewritten {
  readonly secrets: Secrets;
  readonly cells: Cells;
  readonly variables: Redaction['variables'];
}

/** Rewrites a copy in place, goes over it once more, and writes what is left of it, cell by cell, into a new file. */
async function rewriteCopy(work: string, part: string, request: RedactionRequest): Promise<Rewritten> {
  const { from, keep = [], progress = () => {}, signal } = request;
  const db = openCopy(work, from);
  try {
    progress('looking for secrets');
    await pause(signal);
    const tables = tablesOf(db);
    const found = foundInTrace(db, tables);
    const known = request.secrets === undefined ? [] : [request.secrets];
    const all = joinSecrets(...known, secretsFrom(found, [...keep, ...known.flatMap(k => k.keep)]));
    const secrets = withoutPublic(all, publicTexts(db, tables));
    defineCleaning(db, secrets);
    const work = { db, tables, secrets, progress, signal };
    const cells = await rewrite(work);
    progress('checking every cell');
    const left = [...(await cellsLeft(work))];
    if (left.length > 0) throw new Error(`cleaning is not stable in ${left.map(([table, n]) => `${table} (${n})`).join(', ')}`);
    progress('writing the copy');
    await pause(signal);
    // Only what the rows hold goes into the new file: no freed page, and no remnant between rows.
    db.prepare('VACUUM main INTO ?').run(part);
    const names = [...new Set(found.env.map(([name]) => name))];
    const kept = names.filter(name => isKept(name, secrets.keep)).sort();
    return { secrets, cells, variables: { kept, hidden: names.length - kept.length } };
  } finally {
    db.close();
  }
}

function inNumbers({ secrets, cells, variables }: Rewritten, bytes: number, words: number): Redaction {
  const kinds: Partial<Record<SecretKind, number>> = {};
  for (const { kind } of secrets.list) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return {
    secrets: secrets.list.length,
    kinds,
    variables,
    cells: [...cells.values()].reduce((a, b) => a + b, 0),
    cellsByTable: Object.fromEntries([...cells].sort(([a], [b]) => (a < b ? -1 : 1))),
    bytesScanned: bytes,
    found: 0,
    ordinaryWords: words,
  };
}

/**
 * Writes a copy of a trace without environments, names of hosts and users, home folders and secrets of command lines, and proves
 * it: the copy's bytes are read for every secret before it gets its name. The original is never changed.
 * @throws ForensicsError not-found, not-readable, not-a-trace, damaged-trace, bad-argument, not-writable, unsupported
 */
export async function redactTrace(request: RedactionRequest): Promise<Redaction> {
  const { from, to, progress = () => {}, signal } = request;
  assertTarget(from, to);
  sweepParts(dirname(resolve(to)));
  const work = partOf(`${to}.work`);
  const part = partOf(to);
  progress('copying the trace');
  const source = await openTraceFile(from);
  try {
    await pause(signal);
    await copyDatabase(source.path, work, from);
    source.dispose();
    await pause(signal);
    const rewritten = await rewriteCopy(work, part, request);
    remove(work);
    progress('scanning the copy');
    const scan = await scanFile(part, rewritten.secrets, signal);
    const [leak] = scan.found;
    if (leak !== undefined)
      throw new ForensicsError(
        'not-writable',
        `the copy of ${from} was thrown away: a secret (${leak[0].kind}) would still stand in ${placeOf(part, leak[0])}, at byte ${leak[1]}`,
        'Do not share this trace; please report the place.',
      );
    const file = await open(part, 'r+');
    await file.sync().finally(() => file.close());
    await pause(signal);
    assertTarget(from, to);
    renameSync(part, to);
    return inNumbers(rewritten, scan.bytes, scan.words.size);
  } catch (error) {
    throw asForensicsError(error, from, to);
  } finally {
    source.dispose();
    remove(work);
    remove(part);
  }
}
