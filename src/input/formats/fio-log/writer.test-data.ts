import { lined, samples, writing } from '#test/valid-rows';

const DIRECTIONS = ['read', 'write'].map(way => ({ entity: `fio ${way}`, metric: 'latency', unit: 'ns', nature: 'gauge' }) as const);

/** Single accesses of 4 KiB, with their offset and priority. */
export default writing(samples(DIRECTIONS, { step_ms: 500 }), rows =>
  lined(rows.map(({ t_ms, entity, value }, i) => `${t_ms}, ${value}, ${entity === 'fio read' ? 0 : 1}, 4096, ${i * 4096}, 0`)),
);
