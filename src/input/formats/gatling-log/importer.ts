// Format: simulation.log of Gatling (https://docs.gatling.io), text with tabs; seen: 2.3, and 3.0 to 3.10. From 3.11 the log is binary.

import { type Hit, hitSeries, NO_SCHEDULE } from '#input/series/http-hits';
import { badRecord, quote, secondResult } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'gatling-log';
/** Up to 3.3 the number of the user stands before the groups. */
const REQUEST = /^REQUEST\t(?:\d{1,12}\t)?[^\t]*\t[^\t]*\t(1\d{12})\t(1\d{12})\t(OK|KO)(?:\t|$)/;
const RUN = /^\ufeff?RUN\t[\w.$]+\t/m;

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'Gatling simulation.log (text)',
  extensions: ['.log'],
  sniff: head => RUN.test(head) && /^(?:REQUEST|USER)\t/m.test(head),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    const hits: Hit[] = [];
    let runs = 0;
    for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
      if (raw.startsWith('RUN\t') && ++runs > 1) throw secondResult({ source, line }, 'another run of Gatling begins here');
      if (!raw.startsWith('REQUEST\t')) continue;
      const [, start, end, said] = REQUEST.exec(raw) ?? [];
      if (start === undefined || end === undefined || BigInt(end) < BigInt(start))
        throw badRecord({ source, line }, `${quote(raw)} is no request of Gatling`, 'Mend or delete this line.');
      hits.push({ line, start_ns: BigInt(start) * 1_000_000n, end_ns: BigInt(end) * 1_000_000n, ok: said === 'OK', name: '' });
    }
    const limits = [NO_SCHEDULE, 'OK and KO are the verdicts of the checks of the simulation.'];
    return hitSeries(hits, { format: ID, source, clock: { kind: 'epoch', uncertainty_ms: 1 }, limits }, counter);
  },
});
