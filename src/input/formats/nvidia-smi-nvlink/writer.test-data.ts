import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

/** Speeds of the links of each GPU in thousandths of GB/s; 0: inactive. */
const gpus = fc.array(fc.array(fc.nat(60_000), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });
const rows = gpus.map(all =>
  all.flatMap((links, gpu) => [
    { entity: `GPU ${gpu}`, name: 'product_name', value: 'NVIDIA H100 80GB HBM3' as string | number | boolean },
    ...links.flatMap((speed, link) => [
      { entity: `GPU ${gpu} link ${link}`, name: 'active', value: speed > 0 },
      ...(speed > 0 ? [{ entity: `GPU ${gpu} link ${link}`, name: 'speed', value: speed / 1000 }] : []),
    ]),
  ]),
);

export default writing(rows, facts =>
  lined(
    facts.flatMap(({ entity, name, value }) => {
      if (name === 'product_name') return [`${entity}: ${value} (UUID: GPU-0)`];
      const link = `\t ${entity.replace(/^GPU \d+ link/, 'Link')}`;
      if (name === 'speed') return [`${link}: ${Number(value).toFixed(3)} GB/s`];
      return value === false ? [`${link}: <inactive>`] : [];
    }),
  ),
);
