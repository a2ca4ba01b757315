// Format: https://github.com/wookayin/gpustat (gpustat --json, one document a reading, several one after another); seen: 0.6 to 1.1.

import { z } from 'zod';
import { EMPTY_GPU } from '#input/series/empty-rows';
import { type GpuSample, gpuSeries } from '#input/series/gpu-series';
import { drawWindow } from '#input/series/power-window';
import { notRead } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { whereNoJson } from '#input/text/json-error';
import { type Text, whole } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { localTime } from '#input/time/local-time';
import { cardOf, type GpuCard } from '#schema/gpu-card';
import type { GpuSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'gpustat-json';
const HINT = 'Give what gpustat --json wrote, once or again and again: while sleep 1; do gpustat --json; done > FILE.';
const UNREAD = ['fan.speed', 'memory.total', 'processes', 'utilization.enc', 'utilization.dec'];

const amount = z.number().nonnegative().nullish();
const Reading = z.object({
  hostname: z.string().nullish(),
  query_time: z.string(),
  gpus: z.array(
    z.looseObject({
      index: z.int().min(0).max(9999),
      name: z.string().nullish(),
      uuid: z.string().nullish(),
      'temperature.gpu': z.number().nullish(),
      'utilization.gpu': amount,
      'power.draw': amount,
      'enforced.power.limit': amount,
      'memory.used': amount,
    }),
  ),
});
type Reading = z.infer<typeof Reading>;

export default defineImporter({
  id: ID,
  kind: 'gpu',
  title: 'gpustat --json',
  extensions: ['.json'],
  keys: ['hostname', 'query_time', 'gpus', 'temperature.gpu', 'utilization.gpu', 'power.draw', 'memory.used'],
  sniff: head => /^\ufeff?\s*\{/.test(head) && head.includes('"query_time"') && head.includes('"gpus"'),
  parse: (text, source): GpuSeries => {
    const counter = new WarningCounter('document');
    const readings = readDocuments(text, source, counter);
    const samples = readings.flatMap((reading, i) => toSamples(reading, i + 1, source));
    const unread = UNREAD.filter(name => readings.some(({ gpus }) => gpus.some(gpu => gpu[name] !== undefined && gpu[name] !== null)));
    const when = { kind: 'zoneless', resolution_ms: 0.001 } as const;
    return gpuSeries(samples, { format: ID, source, when, limits: notRead(unread), counter, cards: cardsOf(readings) });
  },
});

/** gpustat reads power as nvidia-smi's power.draw does. */
const cardsOf = (readings: readonly Reading[]): ReadonlyMap<number, GpuCard> =>
  new Map(
    readings.flatMap(({ hostname, gpus }) =>
      gpus.map(({ index, uuid, name }) => {
        const power_window_s = drawWindow(name ?? null);
        return [index, cardOf({ uuid: uuid ?? null, host: hostname || null, power_window_s })] as const;
      }),
    ),
  );

/** Documents end with a brace at the margin; a last one that is cut off is left out. */
const readDocuments = (text: Text, source: string, counter: WarningCounter): Reading[] => {
  const documents = whole(text, source)
    .replace(/^\ufeff/, '')
    .trim()
    .split(/(?<=\})\s*\n(?=\{)/);
  return documents.flatMap((document, i) => {
    let json: unknown;
    try {
      json = JSON.parse(document);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      if (i < documents.length - 1 || i === 0)
        throw badRecord({ source, field: `${i}` }, `it is not a whole JSON document (${whereNoJson(document, error)})`, HINT);
      counter.note('the file ends in the middle of this reading, which was left out', i + 1);
      return [];
    }
    return [validate(Reading, json, { source, path: `${i}` }, HINT)];
  });
};

const toSamples = ({ query_time, gpus }: Reading, line: number, source: string): GpuSample[] => {
  const stamp = localTime(query_time);
  if (stamp === undefined) throw badRecord({ source, field: `${line - 1}.query_time` }, `${quote(query_time)} is not a local time`, HINT);
  return gpus.map(gpu => ({
    line,
    text: `${query_time} ${gpu.index}`,
    ns: stamp.ns,
    row: {
      ...EMPTY_GPU,
      gpu: gpu.index,
      name: gpu.name ?? null,
      power_w: gpu['power.draw'] ?? null,
      power_limit_w: gpu['enforced.power.limit'] ?? null,
      temperature_c: gpu['temperature.gpu'] ?? null,
      utilization_pct: gpu['utilization.gpu'] ?? null,
      memory_used_mib: gpu['memory.used'] ?? null,
    },
  }));
};
