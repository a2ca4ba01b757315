// Format: ipmitool dcmi power reading (https://codeberg.org/IPMITool/ipmitool, lib/ipmi_dcmi.c), one block a reading; seen: 1.8.18 and 1.8.19.

import { type Reading, sampleSeries } from '#input/series/sample-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { parseLocalTimestamp } from '#input/time/local-timestamp';
import type { SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'ipmitool-dcmi';
const MEND = 'Mend or delete this reading.';
const HINT = 'Record some readings: while sleep 1; do ipmitool dcmi power reading; done > FILE.';
const FIRST = 'Instantaneous power reading';
const LINE = /^\s*([A-Z][A-Za-z ]{3,60}):\s+(\S.*?)\s*$/;
const WATTS = /^(\d{1,7}) Watts$/;
const NOT_READ = ['Minimum during sampling period', 'Maximum during sampling period', 'Average power reading over sample period'];
const LIMITS = [
  'Power is that of the whole machine as its management controller (BMC) measures it, GPUs, fans and power supplies together.',
  'The times are those of the clock of the BMC, which may be off from that of the host.',
  'Minimum, maximum and average run over a period that the BMC chooses, often since it started: they were not read.',
];

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'ipmitool dcmi power reading (text)',
  extensions: ['.txt', '.log'],
  sniff: head => new RegExp(`^\\ufeff?[ \\t]*${FIRST}:\\s+\\d+ Watts`, 'm').test(head),
  parse: (text, source): SampleSeries => {
    const counter = new WarningCounter();
    const readings = readBlocks(text, source, counter);
    const when = { kind: 'zoneless', resolution_ms: 1000 } as const;
    return sampleSeries(readings, { format: ID, source, when, limits: LIMITS, counter, hint: HINT });
  },
});

const readBlocks = (text: Text, source: string, counter: WarningCounter): Reading[] => {
  const readings: Reading[] = [];
  let power_w: number | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    const [, name = '', value = ''] = LINE.exec(raw.replace(/^\ufeff/, '')) ?? [];
    if (name === FIRST) {
      power_w = amount(WATTS.exec(value)?.[1] ?? '');
      if (power_w === undefined) throw badRecord({ source, line, field: name }, `${quote(value)} is not a power`, MEND);
    } else if (name === 'IPMI timestamp') {
      // Before 1.8.19 the sampling period follows on the same line; names of zones other than UTC are not unique.
      const stamp = parseLocalTimestamp(value.replace(/\s+Sampling period:.*$/, '').replace(/ [A-Z]{2,5}$/, ''));
      if (stamp === undefined) throw badRecord({ source, line, field: name }, `${quote(value)} is not a time`, MEND);
      if (power_w === undefined) throw badRecord({ source, line }, 'a time stands before the first reading', MEND);
      readings.push({
        line,
        ns: stamp.ns,
        row: { entity: 'wall', metric: 'power', unit: 'W', value: power_w, nature: 'gauge', window_ms: null },
      });
      power_w = undefined;
    } else if (name === '' || !/^(?:Sampling period|Power reading state is)$/.test(name)) {
      if (!NOT_READ.includes(name)) counter.note('a message instead of a reading was left out', line, quote(raw.trim()));
    }
  }
  return readings;
};
