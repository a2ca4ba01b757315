import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

const way = fc.constantFrom('NV4', 'NV18', 'PIX', 'PXB', 'PHB', 'NODE', 'SYS');
/** How each pair of three GPUs is connected, and which CPUs are near each. */
const rows = fc.record({ ways: fc.tuple(way, way, way), numa: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)) }).map(({ ways, numa }) => [
  ...ways.map((value, i) => ({ entity: ['GPU 0-GPU 1', 'GPU 0-GPU 2', 'GPU 1-GPU 2'][i] ?? '', name: 'link', value })),
  ...ways.flatMap((value, i) =>
    value.startsWith('NV')
      ? [{ entity: ['GPU 0-GPU 1', 'GPU 0-GPU 2', 'GPU 1-GPU 2'][i] ?? '', name: 'nvlinks', value: Number(value.slice(2)) }]
      : [],
  ),
  ...numa.flatMap((node, gpu) => [
    { entity: `GPU ${gpu}`, name: 'cpu_affinity', value: '0-31,64-95' },
    { entity: `GPU ${gpu}`, name: 'numa_affinity', value: `${node}` },
  ]),
]);

export default writing(rows, facts => {
  const of = (entity: string, name: string) => `${facts.find(f => f.entity === entity && f.name === name)?.value}`;
  const cell = (a: number, b: number) => (a === b ? ' X ' : of(`GPU ${Math.min(a, b)}-GPU ${Math.max(a, b)}`, 'link'));
  return lined([
    '\tGPU0\tGPU1\tGPU2\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID',
    ...[0, 1, 2].map(
      gpu => `GPU${gpu}\t${[0, 1, 2].map(other => cell(gpu, other)).join('\t')}\t0-31,64-95\t${of(`GPU ${gpu}`, 'numa_affinity')}\t\tN/A`,
    ),
    '',
    'Legend:',
    '',
    '  X    = Self',
    '  NV#  = Connection traversing a bonded set of # NVLinks',
  ]);
});
