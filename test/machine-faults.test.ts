import { describe, expect, test } from 'vitest';
import { activityOf } from '#machine/activity-of';
import { judgeMachine, untold } from '#machine/judge';
import type { MachineFacts } from '#machine/machine-facts';
import { rules } from '#machine/rules/index.gen';
import type { ServerActivity } from '#machine/server-activity';
import type { FactRow } from '#schema/relation';
import { changed, healthyFacts, machineOf } from './healthy-machine.ts';

type Change = readonly [entity: string, name: string, value: FactRow['value']];
/** A fault: what is told otherwise, and what the rules must say then. */
interface Fault {
  readonly finds: readonly string[];
  readonly facts?: readonly Change[];
  readonly more?: Partial<MachineFacts>;
}

const REASON = 'clocks_event_reasons.clocks_event_reason';
const LINK = 'pci.pci_gpu_link_info';
const FAULTS: Readonly<Record<string, Fault>> = {
  'a link is down': { finds: ['inactive-links'], facts: [['GPU 2 link 7', 'active', false]] },
  'a link is slow': { finds: ['inactive-links'], facts: [['GPU 1 link 3', 'speed', 12.5]] },
  'a link counted errors': { finds: ['nvlink-errors'], facts: [['GPU 3 link 0', 'replay_errors', 12]] },
  'a pair goes over PCIe': { finds: ['pcie-pairs'], facts: [['GPU 0-GPU 3', 'link', 'PHB']] },
  'a pair may not reach each other': { finds: ['no-peer-access'], facts: [['GPU 0-GPU 1', 'peer_to_peer', 'CNS']] },
  'a board has 8 lanes': { finds: ['pcie-below-maximum'], facts: [['GPU 1', `${LINK}.link_widths.current_link_width`, 8]] },
  'a board at work has generation 3': { finds: ['pcie-below-maximum'], facts: [['GPU 0', `${LINK}.pcie_gen.current_link_gen`, 3]] },
  'memory could not be mended': { finds: ['ecc-errors'], facts: [['GPU 2', 'ecc_errors.volatile.dram_uncorrectable', 1]] },
  'a row waits to be replaced': { finds: ['ecc-errors'], facts: [['GPU 0', 'remapped_rows.remapped_row_pending', true]] },
  'a row could not be replaced': { finds: ['ecc-errors'], facts: [['GPU 3', 'remapped_rows.remapped_row_failure', true]] },
  'a GPU is lost': { finds: ['lost-gpu'], facts: [['GPU 3', 'error', 'GPU is lost']] },
  'the fabric is degraded': { finds: ['degraded-fabric'], facts: [['GPU 1', 'fabric.health.summary', 'Unhealthy']] },
  'the fabric is not up': { finds: ['degraded-fabric'], facts: [['GPU 0', 'fabric.state', 'In Progress']] },
  'the fabric manager does not run': { finds: ['fabric-manager-errors'], facts: [['fabric manager', 'state', 'inactive']] },
  'the fabric manager saw an SXid': { finds: ['fabric-manager-errors'], facts: [['fabric manager', 'errors', 1]] },
  'a board brakes': { finds: ['clock-slowdown'], facts: [['GPU 2', `${REASON}_hw_power_brake_slowdown`, true]] },
  'samples saw two reasons at once': { finds: ['clock-slowdown'], facts: [['GPU 2', 'event_reasons', 0x60]] },
  'a GPU is hot': { finds: ['hot-gpu'], facts: [['GPU 0', 'temperature.gpu_temp_tlimit', -3]] },
  'clocks are locked': { finds: ['locked-clocks'], facts: [['GPU 1', `${REASON}_applications_clocks_setting`, true]] },
  'the power limit is low': { finds: ['low-power-cap'], facts: [['GPU 3', 'gpu_power_readings.current_power_limit', 450]] },
  'peer-to-peer is off': { finds: ['nccl-p2p-disabled'], facts: [['environment', 'NCCL_P2P_DISABLE', '1']] },
  'the protocol is forced': { finds: ['nccl-settings'], facts: [['environment', 'NCCL_PROTO', 'Simple']] },
  'a variable is unknown': { finds: ['unknown-nccl-variables'], facts: [['environment', 'NCCL_NVLINK_TCE_ENABLE', '1']] },
  'NCCL goes through the host': { finds: ['staged-nccl-transport'], facts: [['NCCL', 'transport.SHM', 8]] },
  'NCCL warned': { finds: ['nccl-errors'], facts: [['NCCL', 'warnings', 3]] },
  'the server ran out of memory': { finds: ['out-of-memory'], facts: [['vLLM', 'out_of_memory', 2]] },
  'requests were preempted': { finds: ['kv-cache-limit'], facts: [['vLLM', 'preemptions', 40]] },
  'the cache holds no whole request': { finds: ['kv-cache-limit'], facts: [['vLLM', 'kv_cache_tokens', 20_000]] },
  'the server runs on two of four': {
    finds: ['tensor-parallel-size', 'idle-gpus'],
    facts: [
      ['vLLM', 'tensor_parallel_size', 2],
      ['GPU 2', 'fb_memory_usage.used', 3],
      ['GPU 3', 'fb_memory_usage.used', 3],
    ],
  },
  'more ranks are asked for than there are GPUs': { finds: ['tensor-parallel-size'], facts: [['vLLM', 'tensor_parallel_size', 8]] },
  'one of four holds 34 GB': { finds: ['uneven-memory'], facts: [['GPU 2', 'fb_memory_usage.used', 34_000]] },
  'DCGM holds the counters': { finds: ['held-counters'], facts: [['host', 'dcgm', true]] },
  'a test failed': { finds: ['failed-tests'], facts: [['GPU 1', 'failed_test', 'gpu_burn: FAULTY']] },
  'another number of GPUs is expected': { finds: ['unexpected-gpus'], more: { expected: { gpus: 8, model: 'H100 SXM' } } },
  'the driver told of an Xid': { finds: ['xid'], more: { xids: [{ ns: undefined, pci: '0000:9b:00', xid: 79 }] } },
};

const WATCHED: Omit<ServerActivity, 'gpus'> = { isUnderLoad: false, tokensPerS: undefined, expected: undefined };
const withFaults = (...faults: readonly Fault[]): MachineFacts => {
  const facts = changed(healthyFacts(), ...faults.flatMap(f => f.facts ?? []));
  const activity = { ...WATCHED, gpus: [], ...activityOf(facts) };
  return machineOf(facts, Object.assign({ activity }, ...faults.map(f => f.more ?? {})));
};
const found = (machine: MachineFacts) =>
  judgeMachine(rules, machine)
    .map(j => j.rule.id)
    .toSorted();
const expected = (...faults: readonly Fault[]) => [...new Set(faults.flatMap(f => f.finds))].toSorted();
/** What only watching a server under load can tell. */
const ONLY_WATCHED = ['busy-but-slow', 'slow-server', 'uneven-activity'];

describe('a healthy machine', () => {
  test('is accused of nothing', () => expect(found(withFaults())).toEqual([]));
  test('is judged by every rule but those that need a server under load', () =>
    expect(untold(rules, withFaults()).map(r => r.id)).toEqual(ONLY_WATCHED));
  test('of which nothing is told gets no clean bill', () =>
    expect(untold(rules, { xids: [], links: [], facts: [] })).toHaveLength(rules.length));
});

describe('a fault that is put into it', () => {
  test.each(Object.entries(FAULTS))('%s: is found, and nothing else', (_, fault) =>
    expect(found(withFaults(fault))).toEqual(expected(fault)),
  );
  test('is found beside every other', () => {
    const all = Object.entries(FAULTS);
    const missed = all.flatMap(([a, one], i) =>
      all.slice(i + 1).flatMap(([b, other]) => {
        // The same thing told in two ways is one fault or the other.
        const told = (f: Fault) => [...(f.facts ?? []).map(([entity, name]) => `${entity} ${name}`), ...Object.keys(f.more ?? {})];
        if (told(one).some(t => told(other).includes(t))) return [];
        const ids = found(withFaults(one, other));
        return expected(one, other).every(id => ids.includes(id)) ? [] : [`${a} + ${b}: ${ids.join(', ')}`];
      }),
    );
    expect(missed).toEqual([]);
  });
  test('has a rule for every rule there is, but for those that need a server under load', () =>
    expect(expected(...Object.values(FAULTS))).toEqual(rules.map(r => r.id).filter(id => !ONLY_WATCHED.includes(id))));
});
