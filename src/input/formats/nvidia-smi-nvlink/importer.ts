// Format: man 1 nvidia-smi, "nvlink -s" (status) and "nvlink -e" (error counters); proved with drivers 535 to 580.

import { factSeries } from '#input/series/fact-series';
import { badRecord, quote } from '#input/text/bad-record';
import { decimal } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { FactRow, FactSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'nvidia-smi-nvlink';
const HINT = 'Give what nvidia-smi nvlink -s wrote.';

const GPU = /^GPU (\d{1,4}): (.+?) \(UUID: [^)]*\)$/;
const LINK = /^Link (\d{1,3}): (?:(\d[\d.]{0,20}) (GB\/s)|(<inactive>))$/;
const ERRORS = /^Link (\d{1,3}): ([A-Za-z][A-Za-z ]{0,40} Errors?): (\d{1,18})$/;
const ALL_INACTIVE = /all links are inactive/i;
/** What stands in the place of links where there are none (L40S, GeForce), or where the driver may not be asked (MIG). */
const NO_NVLINK = /^Device does not have or support Nvlink/i;
const IN_MIG_MODE = /^Nvlink queries are not supported for Devices in MIG mode/i;
const SAID = /all links are inactive|^[\t ]{0,20}(?:Device does not have or support Nvlink|Nvlink queries are not supported)/im;
// biome-ignore lint/suspicious/noControlCharactersInRegex: nvidia-smi colours some of its output even where it writes to a file.
const ANSI = /\u001b\[[\d;]{0,20}m/g;

export default defineImporter({
  id: ID,
  kind: 'facts',
  title: 'nvidia-smi nvlink -s (text)',
  extensions: ['.txt'],
  sniff: head => {
    const plain = head.replace(ANSI, '');
    return /^\ufeff?GPU \d+: .+\(UUID: /m.test(plain) && (/^[\t ]{1,20}Link \d+: /m.test(plain) || SAID.test(plain));
  },
  parse: (text, source): FactSeries => {
    const counter = new WarningCounter();
    const rows = readRows(text, source, counter);
    const limits = ['The links while the file was written; it holds no times, and traffic is not told.'];
    return factSeries(ID, rows, { limits, warnings: counter.sentences() }, source, HINT);
  },
});

/** A speed with its unit, and what stands in brackets, cannot be the beginning of anything else. */
const isWhole = (line: string): boolean => LINK.test(line.trim()) || /MIG mode$/.test(line.trimEnd());

const readRows = (text: Text, source: string, counter: WarningCounter): FactRow[] => {
  const rows = new Map<string, FactRow>();
  let gpu: string | undefined;
  for (const line of wholeLines(text, source, counter, isWhole)) {
    const told = line.text.replace(ANSI, '').trim();
    const [, number, product] = GPU.exec(told) ?? [];
    if (number !== undefined && product !== undefined) gpu = `GPU ${number}`;
    const facts = gpu === undefined ? [] : product === undefined ? linkFacts(gpu, told) : [fact(gpu, 'product_name', product)];
    if (/^Link \d/.test(told) && facts.length === 0) {
      const what = gpu === undefined ? 'a link stands before the first GPU' : `${quote(told)} is no state of a link`;
      throw badRecord({ source, line: line.number }, what, 'Mend or delete this line.');
    }
    if (facts.length === 0) counter.note('a message instead of a link was left out', line.number, quote(told));
    for (const row of facts) {
      const key = `${row.entity} ${row.name}`;
      if (rows.has(key)) counter.note('the link is told of twice; the first was taken', line.number, key);
      else rows.set(key, row);
    }
  }
  return [...rows.values()];
};

const fact = (entity: string, name: string, value: FactRow['value'], unit = ''): FactRow => ({ entity, name, value, unit });

const linkFacts = (gpu: string, told: string): FactRow[] => {
  if (ALL_INACTIVE.test(told)) return [fact(gpu, 'any_nvlink_active', false)];
  if (NO_NVLINK.test(told)) return [fact(gpu, 'has_nvlink', false)];
  if (IN_MIG_MODE.test(told)) return [fact(gpu, 'nvlink_hidden_by_mig', true)];
  const [, errorLink, counter, count] = ERRORS.exec(told) ?? [];
  if (counter !== undefined) return [fact(`${gpu} link ${errorLink}`, counter.toLowerCase().replaceAll(' ', '_'), Number(count))];
  const [, link, digits = '', unit, inactive] = LINK.exec(told) ?? [];
  if (link === undefined) return [];
  const entity = `${gpu} link ${link}`;
  if (inactive !== undefined) return [fact(entity, 'active', false)];
  const speed = decimal(digits);
  return speed === undefined ? [] : [fact(entity, 'active', true), fact(entity, 'speed', speed, unit)];
};
