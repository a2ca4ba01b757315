import { existsSync, readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { evidence } from '#trace/queries/index.gen';
import { parseSqlHeader, type SqlHeader } from '#trace/queries/sql-header';
import { type Case, parseCases } from './cases.ts';

const DIR = new URL('../queries/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, DIR), 'utf8');
const namesIn = (folder: string) =>
  readdirSync(new URL(`${folder}/`, DIR))
    .filter(f => f.endsWith('.sql'))
    .map(f => f.slice(0, -'.sql'.length));
const headers = (folder: string) =>
  new Map(namesIn(folder).map(n => [n, parseSqlHeader(`${folder}/${n}.sql`, read(`${folder}/${n}.sql`))]));

const prelude = headers('prelude');
const questions = headers('evidence');
const ROWS: Readonly<Record<string, { readonly row: z.ZodType }>> = evidence;
const VENDOR_TABLES = [...new Set([...prelude.values()].flatMap(h => h.from.map(t => t.table)))];
const word = (name: string) => new RegExp(`\\b${name}\\b`);

/** The SQL alone, without comments and text literals. */
const bodyOf = (sql: string) => sql.replace(/--.*$/gm, '').replace(/'[^']*'/g, "''");

/** The outermost level of a statement: what stands in brackets is taken out, the innermost first. */
function outermost(sql: string): string {
  const shorter = sql.replace(/\([^()]*\)/g, ' ');
  return shorter === sql ? sql : outermost(shorter);
}

const ZERO = { integer: '0', int32: '0', real: '0.0', text: "''" } as const;

/** A store with the prelude's relations as tables. A case may leave out columns that do not matter to it. */
function store(relations: Iterable<readonly [string, SqlHeader]>) {
  const db = new Database(':memory:');
  for (const [name, { columns }] of relations) {
    const defs = columns.map(c => `"${c.name}" ${c.type} ${c.nullable ? '' : `NOT NULL DEFAULT ${ZERO[c.type]}`}`);
    db.exec(`CREATE TABLE "${name}" (${defs.join(', ')})`);
  }
  return db;
}

/** Bound as the store binds: an integer parameter as an INTEGER. */
const bind = (header: SqlHeader, given: Case['params'] = {}) =>
  Object.fromEntries(
    header.params.map(p => {
      const value = given[p.name] ?? p.default;
      return [p.name, p.type === 'integer' ? BigInt(value) : value];
    }),
  );

/** A case names a process by its number in the trace alone; the prelude's own column of its pid follows from that. */
function withPid(relation: string, row: Case['given'][number]['rows'][number]) {
  const named = Number(row['global_pid'] ?? Number.NaN);
  const hasPid = prelude.get(relation)?.columns.some(c => c.name === 'pid') && !('pid' in row) && Number.isFinite(named);
  return hasPid ? { ...row, pid: Math.floor(named / 2 ** 24) % 2 ** 24 } : row;
}

function fill(db: Database.Database, { given }: Case, backwards: boolean) {
  for (const { relation, rows } of given)
    for (const bare of backwards ? rows.toReversed() : rows) {
      const row = withPid(relation, bare);
      const names = Object.keys(row).map(n => `"${n}"`);
      db.prepare(`INSERT INTO "${relation}" (${names}) VALUES (${names.map(() => '?')})`).run(...Object.values(row));
    }
}

describe.each([...prelude])('prelude/%s.sql', (name, header) => {
  const sql = read(`prelude/${name}.sql`);
  const vendor = () => {
    const db = new Database(':memory:');
    for (const t of header.from) db.exec(`CREATE TABLE "${t.table}" (${t.columns.map(c => `"${c.name}"`).join(', ')})`);
    return db;
  };

  test('returns exactly the columns its header declares, in that order, from the vendor columns it declares', () => {
    const columns = vendor().prepare(sql).columns();
    expect(columns.map(c => c.name)).toEqual(header.columns.map(c => c.name));
  });
  test('declares no vendor column it does not use', () => {
    const body = bodyOf(sql);
    expect(header.from.flatMap(t => [t.table, ...t.columns.map(c => c.name)]).filter(n => !word(n).test(body))).toEqual([]);
  });
  test('has neither parameters nor evidence tags', () => expect([...header.params, ...header.reads]).toEqual([]));
});

describe.each([...questions])('evidence/%s.sql', (name, header) => {
  const sql = read(`evidence/${name}.sql`);
  const body = bodyOf(sql);
  const outer = outermost(body);
  const casesFile = `evidence/${name}.cases`;
  const cases = existsSync(new URL(casesFile, DIR)) ? parseCases(casesFile, read(casesFile)) : [];

  test('returns exactly the columns its header declares, in that order', () => {
    const columns = store(prelude).prepare(sql).columns();
    expect(columns.map(c => c.name)).toEqual(header.columns.map(c => c.name));
  });
  test('reads the relations its header declares, and no other', () => {
    const declared = header.reads.map(r => r.relation);
    expect(declared.filter(r => !prelude.has(r))).toEqual([]);
    expect(() => store([...prelude].filter(([n]) => declared.includes(n))).prepare(sql)).not.toThrow();
    expect(declared.filter(r => !word(r).test(body))).toEqual([]);
  });
  test('declares the parameters it uses, and no other', () => {
    const used = new Set([...body.matchAll(/[$@:](\w+)/g)].map(m => m[1]));
    expect([...used].sort()).toEqual(header.params.map(p => p.name).sort());
  });
  test('names no vendor table', () => {
    expect(header.from).toEqual([]);
    expect(VENDOR_TABLES.filter(t => !prelude.has(t) && word(t).test(body))).toEqual([]);
    expect(body).not.toMatch(/CUPTI_|NVTX_EVENTS|StringIds|TARGET_INFO_/);
  });
  test('ends in an ORDER BY', () => expect(outer).toMatch(/\bORDER BY\s[^;]+$/));
  test('names its columns: no * at the outermost level', () => expect(outer).not.toMatch(/(\bSELECT|\bDISTINCT|,|\.)\s*\*/));
  test('can be planned', () => {
    const plan = store(prelude).prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${body}`).all(bind(header));
    expect(plan.map(step => step.detail)).toContainEqual(expect.stringMatching(/^(SCAN|SEARCH) /));
  });
  test('has cases, and a generated row', () => {
    expect(cases.length).toBeGreaterThan(0);
    expect(Object.keys(ROWS)).toContain(name);
  });

  test.each(cases.map(c => [c.title, c] as const))('%s', (_, c) => {
    expect(Object.keys(c.params).filter(p => !header.params.some(h => h.name === p))).toEqual([]);
    const db = store(prelude);
    fill(db, c, false);
    const rows = db.prepare(sql).all(bind(header, c.params));
    expect(rows).toEqual(c.expected);
    expect(() => ROWS[name]?.row.array().parse(rows)).not.toThrow();

    const backwards = store(prelude);
    backwards.pragma('reverse_unordered_selects = ON');
    fill(backwards, c, true);
    expect(backwards.prepare(sql).all(bind(header, c.params)), 'its order must be total: the same rows stored backwards').toEqual(
      c.expected,
    );
  });
});

test('every .cases file belongs to a query', () => {
  const orphans = readdirSync(new URL('evidence/', DIR)).filter(f => f.endsWith('.cases') && !questions.has(f.slice(0, -'.cases'.length)));
  expect(orphans).toEqual([]);
});
