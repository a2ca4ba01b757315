import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

const count = fc.integer({ min: 1, max: 32 });
const rows = fc
  .record({
    version: fc.constantFrom('2.19.3', '2.27.5'),
    cuda: fc.constantFrom('12.8', '13.0'),
    ranks: count,
    p2p: count,
    warnings: fc.integer({ min: 1, max: 5 }),
    off: fc.nat(1),
  })
  .map(({ version, cuda, ranks, p2p, warnings, off }) => [
    ...Object.entries({ version, cuda, ranks, 'transport.P2P': p2p, warnings, first_warning: 'Connect failed', nvls: off === 0 }).map(
      ([name, value]) => ({
        entity: 'NCCL',
        name,
        value,
      }),
    ),
    { entity: 'environment', name: 'NCCL_P2P_DISABLE', value: `${off}` },
  ]);

/** What one rank prints with NCCL_DEBUG=INFO, among lines of its program. */
export default writing(rows, facts => {
  const of = (name: string) => facts.find(f => f.name === name)?.value;
  const told = (said: string) => `host:4711:4711 [0] NCCL INFO ${said}`;
  return lined([
    told(`NCCL version ${of('version')}+cuda${of('cuda')}`),
    told(`NCCL_P2P_DISABLE set by environment to ${of('NCCL_P2P_DISABLE')}.`),
    told(`ncclCommInitRank comm 0x55 rank 0 nranks ${of('ranks')} cudaDev 0 nvmlDev 0 busId 6000 commId 0x3d - Init START`),
    told(`NVLS multicast support is ${of('nvls') === true ? '' : 'not '}available on dev 0`),
    ...Array.from({ length: Number(of('transport.P2P')) }, (_, i) =>
      told(`Channel ${String(i).padStart(2, '0')}/0 : 0[0] -> 1[1] via P2P/CUMEM`),
    ),
    'step 1 of 4000 is done',
    ...Array.from({ length: Number(of('warnings')) }, () => 'host:4711:4799 [0] misc/socket.cc:484 NCCL WARN Connect failed'),
  ]);
});
