import { ForensicsError } from '#core/errors';
import type { Bytes } from '#core/units';
import { endWithParent } from '#record/processes/end-with-parent';
import { TraceStore } from '#trace/nsys/trace-store';
import { type PreludeName, prelude } from '#trace/queries/index.gen';
import { queryInfo } from './catalogue.ts';
import type { Answer, Job, Row } from './protocol.ts';

/** What a question may take: the answer has few rows, and what is sorted on the way fits into this for traces of tens of millions of rows. */
const MOST_BYTES: Bytes = 2 * 2 ** 30;

/** Relations that the SQL names although this trace says nothing of them: their emptiness is no evidence of health. */
function silentRelations(store: TraceStore, sql: string): string[] {
  const words = new Set(sql.replace(/'[^']*'/g, '').match(/\w+/g));
  const named = (Object.keys(prelude) as PreludeName[]).filter(r => words.has(r));
  return named.flatMap(r => {
    const why = store.missing(r);
    return why === undefined ? [] : `${r} is empty here: ${why}`;
  });
}

function runSql(store: TraceStore, sql: string, limit: number): Answer {
  let result: ReturnType<TraceStore['run']>;
  try {
    result = store.run(sql, limit);
  } catch (error) {
    // better-sqlite3 objects with these to no statement, more than one, and parameters without a value.
    if (error instanceof RangeError || error instanceof TypeError)
      throw new ForensicsError('query-failed', `the query failed: ${error.message}`, 'Ask with one SELECT, and write values into it.');
    throw error;
  }
  const twice = result.columns.find((c, i) => result.columns.indexOf(c) !== i);
  if (twice !== undefined)
    throw new ForensicsError('query-failed', `two columns of the answer are called ${twice}`, 'Tell them apart with AS.');
  return {
    kind: 'rows',
    columns: result.columns,
    rows: result.rows as readonly Row[],
    cut: result.cut,
    notes: silentRelations(store, sql),
  };
}

function answer(store: TraceStore, job: Job): Answer {
  if (job.kind === 'sql') return runSql(store, job.sql, job.limit);
  const info = queryInfo(job.name);
  // One row more than wanted tells whether there are more.
  const params = info.params.some(p => p.name === 'top') ? { ...job.params, top: job.limit + 1 } : job.params;
  const result = store.ask(job.name, params);
  if (!result.ok) return { kind: 'cannot-tell', missing: result.missing };
  const rows: readonly Row[] = result.rows;
  return { kind: 'rows', columns: info.columns.map(c => c.name), rows: rows.slice(0, job.limit), cut: rows.length > job.limit, notes: [] };
}

async function work(job: Job): Promise<Answer> {
  try {
    const store = await TraceStore.open(job.trace);
    try {
      return answer(store, job);
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof ForensicsError) return { kind: 'failed', code: error.code, message: error.message, hint: error.hint };
    return { kind: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

endWithParent(Number(process.argv[2]), MOST_BYTES);
process.once('message', async (job: Job) => {
  process.send?.(await work(job), () => process.disconnect());
});
