// Format: https://docs.nvidia.com/datacenter/tesla/fabric-manager-user-guide: /var/log/fabricmanager.log; proved with a real file of 8 H100.
// Its times are whole seconds without a zone: what it says is taken as a state, not as events.

import { LogTally } from '#input/formats/shared/log-tally';
import { factSeries } from '#input/series/fact-series';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { FactRow, FactSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'fabricmanager';
/** What its lines begin with; the time is not read. */
const LINE = /^\ufeff?\[[^\]]{8,80}\] \[(INFO|WARNING|ERROR|DEBUG|CRITICAL)\] \[tid [^\]]{0,60}\] (.*)$/;
const KNOWN = /^\ufeff?\[[A-Z][a-z]{2} \d{1,2} \d{4} \d\d:\d\d:\d\d\] \[(?:INFO|WARNING|ERROR|DEBUG|CRITICAL)\] \[tid \d+\] /;
const VERSION = /^Fabric Manager version:? (\d+(?:\.\d+)+)/i;
/** SXid: the number of an error of an NVSwitch, as in the user guide's appendix. */
const SXID = /^detected NVSwitch (?:non-)?fatal error (\d{1,6})(?=\s|$)/;

export default defineImporter({
  id: ID,
  kind: 'facts',
  title: 'log of NVIDIA Fabric Manager',
  extensions: ['.log'],
  sniff: head => head.split('\n').some(line => KNOWN.test(line)),
  parse: (text, source): FactSeries => {
    const counter = new WarningCounter();
    const limits = [
      'Its times are local and have no zone, so its errors are not laid beside requests: those that reach the driver are in the kernel log.',
    ];
    const rows = readRows(wholeLines(text, source, counter));
    return factSeries(ID, rows, { limits, warnings: counter.sentences() }, source, 'Give /var/log/fabricmanager.log.');
  },
});

const readRows = (lines: Iterable<{ readonly text: string }>): readonly FactRow[] => {
  const tally = new LogTally('fabric manager');
  for (const { text } of lines) {
    const [, level, said = ''] = LINE.exec(text) ?? [];
    if (level === undefined) continue;
    const isError = level === 'ERROR' || level === 'CRITICAL';
    tally.count('errors', isError ? 1 : 0);
    tally.count('warnings', level === 'WARNING' ? 1 : 0);
    if (isError) tally.message('first_error', said);
    tally.state('version', VERSION.exec(said)?.[1]);
    const sxid = SXID.exec(said)?.[1];
    if (sxid !== undefined) tally.count(`sxid ${sxid}`);
  }
  return tally.rows();
};
