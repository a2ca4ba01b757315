// Format: https://prometheus.io/docs/instrumenting/exposition_formats/, as https://github.com/NVIDIA/dcgm-exporter writes it:
// one scrape, or several with a line "# <time>" before each.

import { ForensicsError } from '#core/errors';
import { parseMetric } from '#input/formats/shared/exposition';
import { type Reading, sampleSeries } from '#input/series/sample-series';
import { badRecord, quote } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { When } from '#input/time/sample-clock';
import { parseTimestamp } from '#input/time/timestamp';
import type { SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { Declarations } from './declarations.ts';
import { Entities, repeatsCard } from './entity.ts';
import { inPossibleUnits } from './violations.ts';

const ID = 'dcgm-exporter';
/** A line of the list of counters that the exporter is configured with. */
const CONFIGURED = /^#? ?DCGM_\w{1,80} *, *(?:gauge|counter|label|histogram)\b/m;
const HINT =
  "Give what the exporter serves at /metrics, with a time before each scrape: (date -u '+# %FT%T.%NZ'; curl -s host:9400/metrics) >> file.";

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'dcgm-exporter (Prometheus text)',
  extensions: ['.prom', '.txt'],
  sniff: head => /^\ufeff?(?:# (?:HELP|TYPE) )?DCGM_(?:FI|EXP)_\w{1,80}(?:[ {]|$)/m.test(head) || CONFIGURED.test(head),
  parse: (text, source): SampleSeries => {
    const counter = new WarningCounter();
    const { readings, when, cards, hasMig } = readScrapes(text, source, counter);
    const sound = inPossibleUnits(readings, counter);
    const limits = [...LIMITS, ...(hasMig ? [MIG_LIMIT] : []), ...sound.limits];
    return sampleSeries(sound.readings, { format: ID, source, when, limits, counter, hint: HINT, cards });
  },
});

const LIMITS = [
  'The exporter gives the last value that DCGM has read, by default up to 30 s old: no event shorter than that can be placed.',
  'DCGM_FI_DEV_XID_ERRORS is the number of the last error, not how many there were.',
];

const MIG_LIMIT = 'Each MIG instance repeats the power and the energy of its card: they were taken once, for the card.';

interface Scrapes {
  readonly readings: Reading[];
  readonly when: When;
  readonly cards: SampleSeries['cards'];
  readonly hasMig: boolean;
}

const readScrapes = (text: Text, source: string, counter: WarningCounter): Scrapes => {
  const readings: Reading[] = [];
  const declared = new Declarations();
  const entities = new Entities();
  const seen = new Set<string>();
  const ofCards = new Set<string>();
  let scraped: bigint | undefined;
  let timed: boolean | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    if (CONFIGURED.test(raw)) throw isConfiguration(source);
    if (raw.startsWith('#')) {
      scraped = parseTimestamp(raw.slice(1).trim())?.ns ?? scraped;
      declared.note(raw);
      continue;
    }
    const sample = parseMetric(raw);
    if (sample === undefined)
      throw badRecord({ source, line }, `${quote(raw)} is no sample of the Prometheus text format`, 'Mend or delete this line.');
    if (!sample.name.startsWith('DCGM_')) counter.note('a metric that is not of DCGM was left out', line, sample.name);
    const row = sample.name.startsWith('DCGM_') ? declared.rowOf(sample, entities.nameOf(sample.name, sample.labels)) : undefined;
    if (row === undefined) continue;
    const ns = sample.ns ?? scraped;
    timed ??= ns !== undefined;
    if (timed !== (ns !== undefined)) throw badRecord({ source, line }, 'some samples have a time and others have none', HINT);
    const key = `${row.entity}\n${row.metric}`;
    if (repeatsCard(sample.name, sample.labels)) {
      const moment = `${key}\n${ns ?? ''}\n${sample.name}`;
      if (ofCards.has(moment)) continue;
      ofCards.add(moment);
    }
    if (ns === undefined && seen.has(key))
      throw badRecord({ source, line }, 'the file holds several scrapes, and no times to tell them apart', HINT);
    seen.add(key);
    readings.push({ line, ns: ns ?? 0n, row });
  }
  const when = timed === true ? ({ kind: 'zoned', resolution_ms: 1 } as const) : ({ kind: 'untimed', resolution_ms: 0 } as const);
  return { readings, when, cards: entities.cards, hasMig: ofCards.size > 0 };
};

const isConfiguration = (source: string): ForensicsError =>
  new ForensicsError(
    'unknown-format',
    `${source} is a list of the counters that dcgm-exporter is to read, a configuration: it holds no data.`,
    HINT,
  );
