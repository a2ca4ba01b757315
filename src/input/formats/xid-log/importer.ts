// Format: https://docs.nvidia.com/deploy/xid-errors/index.html: "NVRM: Xid (PCI:…): code, …" in the log of the kernel, as
// dmesg (plain, -T, --time-format iso) and journalctl (-o short-iso, short-iso-precise, short-unix, short-monotonic, json) print it.

import { type Reading, sampleSeries } from '#input/series/sample-series';
import { badRecord, quote } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { When } from '#input/time/sample-clock';
import type { SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { journalTime, type LogTime, readLogTime } from './log-time.ts';

const ID = 'xid-log';
/** Only what stands before the comma is taken: the rest names processes. */
const XID = /^(.{0,2000}?)\bNVRM: Xid \((?:PCI:)?([\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}(?:\.\d)?)\): (\d{1,5}),(?!\d)/i;
const NO_YEAR = 'Print the log again with whole times: journalctl -k -o short-iso-precise, or dmesg --time-format iso.';

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'kernel log with Xid errors (dmesg, journalctl)',
  extensions: ['.log', '.txt'],
  sniff: head => head.includes('NVRM: '),
  parse: (text, source): SampleSeries => {
    const counter = new WarningCounter();
    const { readings, when } = readErrors(text, source, counter);
    const limits = [
      'Errors that the kernel had already dropped from its log are not seen, nor those that the driver holds back.',
      'Times that dmesg works out (-T, --time-format iso) may be off by seconds after days of uptime; journalctl has those of arrival.',
    ];
    const hint = 'There is no Xid in this log: the driver told of no error while it was written.';
    return sampleSeries(readings, { format: ID, source, when, limits, counter, hint, repeats: true });
  },
});

const readErrors = (text: Text, source: string, counter: WarningCounter): { readonly readings: Reading[]; readonly when: When } => {
  const readings: Reading[] = [];
  let first: LogTime | undefined;
  let resolution_ms = 0;
  for (const { number: line, text: told } of wholeLines(text, source, counter, told => XID.test(told))) {
    const [, before = '', address, code] = told.includes('Xid') ? (XID.exec(told) ?? []) : [];
    if (address === undefined) {
      if (told.includes('NVRM: Xid')) counter.note('the Xid on this line cannot be read, so it was left out', line, quote(told));
      continue;
    }
    const time = journalTime(told) ?? readLogTime(before);
    if (time === undefined) throw badRecord({ source, line }, `${quote(before.trim())} is no time that can be placed`, NO_YEAR);
    first ??= time;
    if (time.kind !== first.kind) throw badRecord({ source, line }, 'this time is of another clock than the first', 'Give one log.');
    resolution_ms = Math.max(resolution_ms, time.resolution_ms);
    const row = {
      entity: `PCI ${address.toLowerCase()}`,
      metric: 'xid',
      unit: '',
      value: Number(code),
      nature: 'gauge',
      window_ms: null,
    } as const;
    readings.push({ line, ns: time.ns, row });
  }
  return { readings, when: { kind: first?.kind ?? 'untimed', resolution_ms } };
};
