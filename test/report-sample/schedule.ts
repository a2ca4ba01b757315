import type { Schedule } from '#schema/pipeline';
import { sequence } from './stalls.ts';

type Operation = Schedule['gantt']['operations'][number];
type Handoff = Schedule['gantt']['handoffs'][number];

interface Shape {
  readonly p: number;
  readonly m: number;
  readonly v: number;
}

/** What one device runs, in order: 1F1B as Megatron-LM has it, GPipe where all forwards come first. */
function order(rank: number, { p, m, v }: Shape, allForwardsFirst: boolean): { kind: 'F' | 'B'; microbatch: number; stage: number }[] {
  const nth = (i: number, kind: 'F' | 'B') => {
    const turn = Math.floor(i / p) % v;
    const chunk = kind === 'F' ? turn : v - 1 - turn;
    return { kind, microbatch: Math.floor(i / (p * v)) * p + (i % p), stage: chunk * p + rank };
  };
  const n = m * v;
  const warmup = allForwardsFirst ? n : Math.min(n, v === 1 ? p - rank - 1 : (p - rank - 1) * 2 + (v - 1) * p);
  const list = Array.from({ length: warmup }, (_, i) => nth(i, 'F'));
  for (let i = 0; i < n; i++) {
    if (warmup + i < n) list.push(nth(warmup + i, 'F'));
    list.push(nth(i, 'B'));
  }
  return list;
}

interface Times {
  readonly forward_ms: number;
  readonly backward_ms: number;
  readonly handoff_ms: number;
  readonly noise: number;
}

/** Runs the order by the rules of a pipeline: an operation begins when its device is free and its input has come. */
function run(shape: Shape, times: Times, allForwardsFirst: boolean, seed: number) {
  const { p, v } = shape;
  const next = sequence(seed);
  const queues = Array.from({ length: p }, (_, rank) => order(rank, shape, allForwardsFirst));
  const done = new Map<string, number>();
  const free = new Array<number>(p).fill(0);
  const operations: Operation[] = [];
  const handoffs: Handoff[] = [];
  const last = p * v - 1;
  const input = (o: { kind: 'F' | 'B'; microbatch: number; stage: number }) => {
    if (o.kind === 'F') return o.stage === 0 ? null : `F ${o.microbatch} ${o.stage - 1}`;
    return o.stage === last ? `F ${o.microbatch} ${last}` : `B ${o.microbatch} ${o.stage + 1}`;
  };
  for (let moved = true; moved; ) {
    moved = false;
    for (const [rank, queue] of queues.entries()) {
      const [first] = queue;
      if (first === undefined) continue;
      const before = input(first);
      const from = before === null ? 0 : done.get(before);
      if (from === undefined) continue;
      queue.shift();
      moved = true;
      const away = before !== null && !(first.kind === 'B' && first.stage === last);
      const ready = away ? from + times.handoff_ms * (1 + next()) : from;
      const start = Math.max(ready, free[rank] ?? 0);
      const dur = (first.kind === 'F' ? times.forward_ms : times.backward_ms) * (1 + times.noise * (next() - 0.5));
      free[rank] = start + dur;
      done.set(`${first.kind} ${first.microbatch} ${first.stage}`, start + dur);
      operations.push({ ...first, iteration: 2, rank, start_ms: 400 + start, end_ms: 400 + start + dur, phase: null });
      if (away) {
        const source = (first.stage + (first.kind === 'F' ? -1 : 1)) % p;
        const { kind, microbatch } = first;
        handoffs.push({ iteration: 2, from_rank: source, to_rank: rank, microbatch, kind, start_ms: 400 + from, end_ms: 400 + ready });
      }
    }
  }
  return { operations: phased(operations, p), handoffs, length: Math.max(...free) };
}

function phased(operations: readonly Operation[], p: number): Operation[] {
  return Array.from({ length: p }, (_, rank) => {
    const mine = operations.filter(o => o.rank === rank).toSorted((a, b) => a.start_ms - b.start_ms);
    const firstB = mine.findIndex(o => o.kind === 'B');
    const lastF = mine.findLastIndex(o => o.kind === 'F');
    return mine.map((o, i): Operation => ({ ...o, phase: i < firstB - 1 ? 'warmup' : i > lastF + 1 ? 'cooldown' : 'steady' }));
  }).flat();
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** A schedule as a capture of it would be told of; its bubble is counted from the operations that are drawn. */
export function schedule(name: 'gpipe' | '1f1b' | 'interleaved', shape: Shape, times: Times, seed = 5): Schedule {
  const { p, m, v } = shape;
  const { operations, handoffs, length } = run(shape, times, name === 'gpipe', seed);
  const ideal = run(shape, { ...times, handoff_ms: 0 }, name === 'gpipe', seed).length;
  const theory = (p - 1) / (v * m + p - 1);
  const busy = Array.from({ length: p }, (_, rank) => sum(operations.filter(o => o.rank === rank).map(o => o.end_ms - o.start_ms)));
  const excess = Math.max(0, sum(busy.map(b => length - b - theory * length)));
  const part = (why: Schedule['excess'][number]['why'], share: number) => ({ why, ms: excess * share });
  return {
    name,
    detected: 'the order of operations on every device is the textbook’s, in all 20 iterations',
    label: null,
    departures: [],
    p,
    m,
    v,
    iterations: 20,
    iteration_ms: Array.from({ length: 20 }, (_, i) => length * (1 + 0.004 * ((i * 7) % 5))),
    ideal_ms: Math.max(...busy),
    simulated_ms: ideal,
    bubble: busy.map((b, rank) => ({
      stage: rank,
      device: `GPU ${rank}`,
      measured_share: 1 - b / length,
      measured_share_range: [Math.max(0, 1 - b / length - 0.012), 1 - b / length + 0.021],
      measured_overhead: (length - b) / b,
      theory_share: theory,
      simulated_share: 1 - b / ideal,
      idle_ms: (length - b) * 0.8,
      exposed_communication_ms: (length - b) * 0.2,
      peak_microbatches: name === 'gpipe' ? m : Math.min(m, p - rank + (v - 1) * p),
      compute_ms: b,
      copies_hidden_share: 0.741 - 0.61 * (rank % 2),
    })),
    phases: Array.from({ length: p }, (_, rank) =>
      (['warmup', 'steady', 'cooldown'] as const).flatMap(phase => {
        const mine = operations.filter(o => o.rank === rank && o.phase === phase);
        if (mine.length === 0) return [];
        return {
          stage: rank,
          phase,
          start_ms: Math.min(...mine.map(o => o.start_ms)) - 300,
          end_ms: Math.max(...mine.map(o => o.end_ms)) - 300,
          forwards: mine.filter(o => o.kind === 'F').length,
          backwards: mine.filter(o => o.kind === 'B').length,
        };
      }),
    ).flat(),
    handoffs: {
      count: handoffs.length * 20,
      expected: 2 * m * (p * v - 1) * 20,
      bytes: 67_108_864,
      median_us: 173.9,
      latency_us: 1000 * times.handoff_ms * 1.5,
      hidden_share: 0.741,
      hidden_share_destination: 0.663,
      gbps: 385.9,
      staged: 0,
      staged_lost_ms: null,
    },
    excess: [
      part('exposed-copy', 0.55),
      part('handoff-latency', 0.3),
      part('straggling', 0.06),
      part('stage-imbalance', 0),
      part('unexplained', 0.09),
    ],
    excess_ms: excess,
    what_if: [
      { what: 'hand-offs took no time', speedup: length / ideal },
      { what: 'all stages took as long as the mean one', speedup: 1.004 },
    ],
    gantt: { operations, handoffs },
  };
}
