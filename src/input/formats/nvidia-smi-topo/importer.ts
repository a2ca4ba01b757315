// Format: man 1 nvidia-smi, "topo -m" and "topo -p2p" (proved with driver 580).

import { factSeries } from '#input/series/fact-series';
import { badRecord, quote } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { FactRow, FactSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { type Header, isGlued, readHeader, splitCells } from './matrix.ts';
import { affinityFacts, linkFact } from './row-facts.ts';

const ID = 'nvidia-smi-topo';
const HINT = 'Give what nvidia-smi topo -m wrote.';

export default defineImporter({
  id: ID,
  kind: 'facts',
  title: 'nvidia-smi topo -m (text)',
  extensions: ['.txt'],
  // The first row stands right under the header, at the margin (-p2p: one blank): Markdown that quotes a matrix indents it.
  sniff: head => {
    const lines = head.split('\n').filter(line => line.trim() !== '');
    return lines.some((line, i) => {
      const header = readHeader(splitCells(line));
      const [first, self] = splitCells(lines[i + 1] ?? '');
      return header !== undefined && first === header.devices[0] && self === 'X' && !/^(?: {2}|\t)/.test(lines[i + 1] ?? '');
    });
  },
  parse: (text, source): FactSeries => {
    const counter = new WarningCounter();
    const rows = readRows(text, source, counter);
    const told = { limits: ['The topology while the file was written; it holds no times.'], warnings: counter.sentences() };
    return factSeries(ID, rows, told, source, HINT);
  },
});

/** Rows count only under a header and by the name of a device there: the legend repeats every token. */
const readRows = (text: Text, source: string, counter: WarningCounter): FactRow[] => {
  const rows = new Map<string, FactRow>();
  let header: Header | undefined;
  for (const line of wholeLines(text, source, counter)) {
    const cells = splitCells(line.text);
    header = readHeader(cells) ?? header;
    const [device = '', ...rest] = cells;
    const devices = header?.devices ?? [];
    if (header === undefined || !devices.includes(device) || (readHeader(cells) !== undefined && rest[0] !== 'X')) continue;
    if (rest.length < devices.length) {
      const what = `the row of ${device} has ${rest.length} of the ${devices.length} links that the header names`;
      throw badRecord({ source, line: line.number }, what, 'Mend or delete this line.');
    }
    if (isGlued(line.text)) {
      // A device stands at X to itself: elsewhere the cells are shifted, and each would be the link of a neighbour.
      if (rest[devices.indexOf(device)] !== 'X')
        throw badRecord(
          { source, line: line.number },
          `the links of ${device} do not stand under their headings`,
          'Mend or delete this line.',
        );
      counter.note('a tab is lost between two cells; they were parted by what links are called', line.number);
    }
    const links = devices.flatMap((other, i) => linkFact(device, other, rest[i] ?? '', { source, line: line.number }));
    for (const fact of [...links, ...affinityFacts(device, header.affinities, rest.slice(devices.length))]) {
      const key = `${fact.entity} ${fact.name}`;
      const before = rows.get(key);
      if (before !== undefined && before.value !== fact.value)
        counter.note('the two directions, or two tables, differ; the first was taken', line.number, `${key} ${quote(fact.value)}`);
      else rows.set(key, fact);
    }
  }
  return [...rows.values()];
};
