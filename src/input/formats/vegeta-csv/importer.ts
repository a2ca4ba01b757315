// Format: https://github.com/tsenart/vegeta#csv — no header: unix ns, code, latency ns, bytes out, bytes in, error, body, attack, seq[, method, url, headers].

import { hitOf, isLatency, VEGETA_HINT, VEGETA_LIMITS } from '#input/formats/shared/vegeta';
import { type Hit, hitSeries } from '#input/series/http-hits';
import { badRecord, quote } from '#input/text/bad-record';
import { type Line, lines } from '#input/text/lines';
import { firstLines, splitCells } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import { isEpochNs } from '#input/time/nanoseconds';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'vegeta-csv';
/** Columns of every version, up to and with seq; later ones add method, url and headers, which are not used. */
const COLUMNS = 9;
const START = /^\d{19},\d{1,3},\d+,\d+,\d+,/;
/** Spares what is no result at all the work of splitting it. */
const STAMPED = /^\d{1,19},/;
const WHOLE = /^\d{1,19}$/;

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'vegeta results (CSV)',
  extensions: ['.csv'],
  // It has no header: of other tables, later lines may look the same.
  sniff: head => START.test(firstLines(head).find(line => line.trim() !== '') ?? ''),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    const hits: Hit[] = [];
    for (const line of lines(text, source)) {
      const cells = STAMPED.test(line.text) ? splitCells(line.text) : [line.text];
      // The last column there may be cut off; seq is only whole beyond doubt where another follows.
      if (!line.ended && cells.length <= COLUMNS)
        counter.note('the file may end in the middle of this record, which was left out', line.number);
      else hits.push(toHit(cells, line, source));
    }
    return hitSeries(hits, { format: ID, source, clock: { kind: 'epoch', uncertainty_ms: 0 }, limits: VEGETA_LIMITS }, counter);
  },
});

const toHit = (cells: readonly string[], line: Line, source: string): Hit => {
  if (cells.length < COLUMNS)
    throw badRecord(
      { source, line: line.number },
      `the line has ${cells.length} fields, but a result has at least ${COLUMNS}`,
      VEGETA_HINT,
    );
  const [stamp = '', code = '', latency = '', , , error = '', , attack = '', seq = ''] = cells;
  const wrong = (field: string, cell: string, what: string) =>
    badRecord({ source, line: line.number, field }, `${quote(cell)} is not ${what}`, VEGETA_HINT);
  if (!WHOLE.test(stamp) || !isEpochNs(BigInt(stamp))) throw wrong('timestamp', stamp, 'a time in nanoseconds since 1970');
  if (!/^\d{1,3}$/.test(code)) throw wrong('code', code, 'a status code');
  if (!WHOLE.test(latency) || !isLatency(BigInt(latency))) throw wrong('latency', latency, 'a latency in nanoseconds');
  if (!WHOLE.test(seq)) throw wrong('seq', seq, 'a number');
  return hitOf(line.number, BigInt(stamp), { attack, seq, code: Number(code), latency_ns: BigInt(latency), error });
};
