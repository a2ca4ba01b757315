// Format: https://www.smartmontools.org/wiki/JSON (smartctl -j -a, JSON format 1.0): the state of a disk. Serial numbers are left out.

import { factSeries } from '#input/series/fact-series';
import { badRecord, quote } from '#input/text/bad-record';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { FactSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { exitFacts, isUnread } from './exit-status.ts';
import { factsOf } from './facts-of.ts';
import { SmartReport } from './schema.ts';

const ID = 'smartctl';
const HINT = 'Give the output of smartctl -j -a.';

export default defineImporter({
  id: ID,
  kind: 'facts',
  title: 'smartctl (JSON)',
  extensions: ['.json'],
  keys: ['smartctl', 'json_format_version', 'device', 'smart_status'],
  sniff: head => /"smartctl"\s*:\s*\{/.test(head) && /"json_format_version"/.test(head),
  parse: (text, source): FactSeries => {
    const report = validate(SmartReport, smallJson(text, source, HINT), { source }, HINT);
    const { exit_status, messages } = report.smartctl;
    if (report.devices !== undefined && report.device === undefined)
      throw badRecord(
        { source },
        `it lists the disks that smartctl --scan found (${report.devices.map(({ name }) => name).join(', ') || 'none'}), and says nothing of their health`,
        'Ask for each of them: smartctl -j -a DEVICE.',
      );
    const said = messages.map(message => message.string);
    if (isUnread(exit_status)) {
      const why = said.length === 0 ? `exit status ${exit_status}` : `it says ${said.map(quote).join(', ')}`;
      throw badRecord(
        { source },
        `smartctl could not read the disk (${why})`,
        'Name its type with -d (smartctl -h lists them) and run as root. A disk of a virtual machine (virtio) has no such data: ask its host.',
      );
    }
    return factSeries(
      ID,
      [...factsOf(report), ...exitFacts(report, exit_status)],
      {
        limits: [
          'The counters are of the whole life of the disk: what of it belongs to the run shows only against a second report.',
          ...(report.local_time === undefined ? [] : [`It was written at ${new Date(report.local_time.time_t * 1000).toISOString()}.`]),
        ],
        warnings: said.map(message => `smartctl says ${quote(message)}.`),
      },
      source,
      HINT,
    );
  },
});
