import { CAUSE_TEXT } from '#schema/causes';
import type { Collectives } from '#schema/collectives';
import type { Pipeline } from '#schema/pipeline';
import { Report } from '#schema/report';
import { sampleReport } from './sample.ts';
import { schedule } from './schedule.ts';

const TIMES = { forward_ms: 2, backward_ms: 4, handoff_ms: 0.25, noise: 0.05 };

/** Two schedules of the same model on two devices. */
export function pipelineSample(): Pipeline {
  const plain = schedule('1f1b', { p: 2, m: 8, v: 1 }, TIMES);
  const halved = { ...TIMES, forward_ms: 1, backward_ms: 2 };
  const turns = schedule('interleaved', { p: 2, m: 8, v: 2 }, halved, 9);
  return {
    source: 'operations were found by their NVTX names, of the grammar “F mb={mb} stage={stage}”: certain',
    answer:
      'No: 1F1B leaves a larger bubble than the 11 % of theory, since a good quarter of the hand-offs is not hidden under compute. Interleaved stages halve it',
    beyond_theory: [
      { why: 'exposed-copy', ms: 4.4, share: 0.55 },
      { why: 'unexplained', ms: 3.6, share: 0.45 },
    ],
    schedules: [
      {
        ...plain,
        label: 'baseline',
        departures: ['GPU 1 ran the backward of microbatch 3 before the forward of microbatch 4, in iteration 7'],
      },
      turns,
    ],
    copies: [
      {
        source: 'GPU 0',
        destination: 'GPU 1',
        path: 'nvlink',
        why: '386 GB/s is more than PCIe carries',
        count: 640,
        bytes: 42_949_672_960,
        gbps: 385.9,
        median_us: 173.9,
        hidden_share: 0.741,
      },
      {
        source: 'GPU 1',
        destination: 'GPU 0',
        path: 'nvlink',
        why: '386 GB/s is more than PCIe carries',
        count: 632,
        bytes: 42_412_802_048,
        gbps: 384.2,
        median_us: 174.7,
        hidden_share: 0.662,
      },
      {
        source: 'GPU 1',
        destination: 'GPU 0',
        path: 'staged',
        why: 'a copy to pinned memory and one from it, of equal size, under one correlation id',
        count: 8,
        bytes: 536_870_912,
        gbps: 21.3,
        median_us: 3_150.2,
        hidden_share: null,
      },
    ],
    nvlink_share: 0.083,
    comparison: [
      {
        before: '1F1B',
        after: 'Interleaved 1F1B',
        speedup: 1.047,
        speedup_ci: [1.031, 1.062],
        bubble_share: [plain.bubble[0]?.measured_share ?? 0, turns.bubble[0]?.measured_share ?? 0],
        exposed_communication_ms: [2.31, 3.02],
        peak_microbatches: [2, 4],
        differences: ['the second ran with the SM clock at 1,755 MHz'],
      },
    ],
    cannot_tell: ['How much of the hand-offs NVLink’s other users slowed down: no counters were recorded'],
  };
}

/** Two ranks, one of them late five times. */
export function collectivesSample(): Collectives {
  return {
    answer: 'Rank 1 came late five times, each time about 91 ms, as its host thread computed; all other waiting is jitter',
    matched_by: 'collectives were matched by their order in the communicator and their size',
    ranks: ['rank 0', 'rank 1'],
    ops: 2_560,
    transfer_ms: 402.6,
    wait_ms: 261.4,
    jitter_ms: 33.8,
    point_to_point: { ops: 0, transfer_ms: 0, wait_ms: 0 },
    exposed_share: 0.874,
    kinds: [
      {
        name: 'AllReduce',
        algorithm: 'ring',
        protocol: 'LL',
        point_to_point: false,
        count: 2_400,
        transfer_ms: 352.5,
        wait_ms: 259.1,
        bytes: 78_643_200,
        algorithm_gbps: 0.2231,
      },
      {
        name: 'AllGather',
        algorithm: null,
        protocol: null,
        point_to_point: false,
        count: 160,
        transfer_ms: 50.1,
        wait_ms: 2.3,
        bytes: null,
        algorithm_gbps: null,
      },
    ],
    per_rank: [
      { rank: 'rank 0', device: 'GPU 0', transfer_ms: 402.6, wait_ms: 489.7, jitter_ms: 34.4, point_to_point_ms: 0, late: 0 },
      { rank: 'rank 1', device: 'GPU 1', transfer_ms: 402.6, wait_ms: 33.1, jitter_ms: 33.1, point_to_point_ms: 0, late: 5 },
    ],
    late: [
      {
        rank: 'rank 1',
        count: 5,
        wait_ms: 455.3,
        cause: 'host-compute',
        why: 'its launching thread was in no CUDA call before each of them',
        worst: [1_204, 2_410, 3_617, 4_822, 6_030].map((start_ms, i) => ({ start_ms, wait_ms: 91.4 - i * 0.2, cause: 'host-compute' })),
      },
    ],
    skew: [
      { report: 'rank0.sqlite', offset_ms: 0, residual_ms: 0.004 },
      { report: 'rank1.sqlite', offset_ms: -3.217, residual_ms: 0.011 },
    ],
    environment: ['NCCL_P2P_DISABLE=1 is set: traffic between the GPUs goes through the host'],
    cannot_tell: ['Which collective belonged to which layer: the trace has no NCCL payloads'],
  };
}

/** A training run of two devices, without any requests. */
export function parallelReport(seen: 'both' | 'pipeline' | 'collectives' = 'both'): Report {
  const sample = sampleReport(4);
  const [cause] = sample.causes;
  const [incident] = sample.incidents;
  if (cause === undefined || incident === undefined) throw new Error('the sample has causes and incidents');
  const pipeline = seen === 'collectives' ? null : pipelineSample();
  const collectives = seen === 'pipeline' ? null : collectivesSample();
  const answers = [pipeline?.answer, collectives?.answer].flatMap(text => (text === undefined ? [] : [`${text}.`]));
  return Report.parse({
    ...sample,
    answer: answers.join(' '),
    requests: null,
    summary: {
      ...sample.summary,
      verdict: answers[0] ?? '',
      causes: [
        {
          cause: 'handoff-exposed',
          excess_ms: 4.4,
          share: 0.55,
          requests: null,
          when: 'throughout',
          action: CAUSE_TEXT['handoff-exposed'].action,
        },
      ],
    },
    latency: [],
    latency_intended: [],
    latency_inside: [],
    latency_outside: [],
    inputs: sample.inputs.slice(0, 1),
    devices: sample.devices.flatMap(d => [d, { ...d, device: 'GPU 1' }]),
    incidents: [],
    books: { excess_ms: 0, parts: [] },
    unexplained: { excess_ms: 0, share: 0 },
    causes: [
      {
        ...cause,
        cause: seen === 'collectives' ? 'collective-wait' : 'handoff-exposed',
        scope: 'chronic',
        excess_ms: 4.4,
        share: 0.55,
        p99_without_ms: { lower: 0, upper: 0 },
        why_confidence: 'the same in all 20 iterations',
        subject: 'copies from GPU 1 to GPU 0 have no compute beside them',
        root: null,
        incidents: [],
        evidence: [],
        advice: CAUSE_TEXT['handoff-exposed'].advice,
      },
    ],
    detectors: [],
    cannot_tell: [],
    pipeline,
    collectives,
    charts: {
      requests: [],
      gpu: [],
      host: [],
      device_bins: sample.charts.device_bins.flatMap(b => [b, { ...b, device: 'GPU 1', t_ms: b.t_ms }]),
    },
  });
}

const LONG = 'node-17.cluster.example/process-4711/NVIDIA H200 141GB HBM3e, the second one from the left ';

/** Three schedules of eight devices and 64 ranks, and a pipeline whose iteration is too long to draw each operation. */
export function crowdedPipeline(): Pipeline {
  const shape = { p: 8, m: 32, v: 1 };
  const sample = pipelineSample();
  const [first] = sample.copies;
  const devices = Array.from({ length: 8 }, (_, i) => `GPU ${i}`);
  return {
    ...sample,
    schedules: [
      schedule('gpipe', shape, TIMES),
      { ...schedule('1f1b', shape, TIMES), label: LONG, departures: Array.from({ length: 500 }, (_, i) => `departure ${i}`) },
      schedule('interleaved', { ...shape, v: 4 }, { ...TIMES, forward_ms: 0.5, backward_ms: 1, handoff_ms: 0.05 }),
    ],
    copies: devices.flatMap(source =>
      devices.flatMap(destination => (first === undefined || source === destination ? [] : [{ ...first, source, destination }])),
    ),
  };
}

export function crowdedCollectives(): Collectives {
  const sample = collectivesSample();
  const [late] = sample.late;
  const ranks = Array.from({ length: 256 }, (_, i) => `${i === 3 ? LONG : ''}rank ${i}`);
  return {
    ...sample,
    ranks,
    per_rank: ranks.map((rank, i) => ({
      rank,
      device: `GPU ${i % 8}`,
      transfer_ms: 400,
      wait_ms: (i * 7_919) % 500,
      jitter_ms: (i * 7_919) % 100,
      point_to_point_ms: 0,
      late: i % 9,
    })),
    late: late === undefined ? [] : ranks.slice(0, 40).map(rank => ({ ...late, rank, why: LONG })),
  };
}
