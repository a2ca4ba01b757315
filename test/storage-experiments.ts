import { randomExponential, randomLcg, randomNormal, randomPareto } from 'd3-random';
import type { Experiment, RunFigures, StorageRun } from '#decide/storage/experiment';

/** What is planted, each as large as a reader would say it; left out: absent. */
export interface Planted {
  /** H0: requests that a server serves at once; absent: it never queues. */
  readonly h0?: number;
  /** H1: time to first token, cold over warm. */
  readonly h1?: number;
  /** H2: latency at the largest working set over the line from below the knee. */
  readonly h2?: number;
  /** H3: whether paging has its knee there too; absent: it grows in a straight line. */
  readonly h3?: boolean;
  /** H4: latency under the heaviest contention over that without. */
  readonly h4?: number;
  /** H5: latency with 64 adapters over that with 4. */
  readonly h5?: number;
  /** H6: latency of the storm over the baseline. */
  readonly h6?: number;
  /** H7: share of the reads that loads of adapters make. */
  readonly h7?: number;
  /** H8: latency of a run whose disk stalls as often as on average, over one that never does. */
  readonly h8?: number;
}

export interface Draws {
  readonly planted: Planted;
  readonly seed: number;
  readonly repeats: number;
  /** Measured requests of a run. */
  readonly requests: number;
  /** Standard deviation between runs of the logarithm of latency. */
  readonly noise: number;
  /** Runs of these alone; of all where it is not said. */
  readonly designs?: readonly StorageRun['design'][];
  /** Requests with heavy tails; a server that is slower from run to run; one run of twenty three times as slow. */
  readonly trouble?: 'heavy-tailed' | 'drifting' | 'outliers';
}

const CONCURRENCY = [1, 2, 4, 8, 16, 32];
const WORKING_SETS = [1, 2, 3, 4, 5, 6, 7, 8];
const KNEE = 4.5;
const CONTENTION = ['none', 'light', 'medium', 'heavy'];
const ADAPTERS = [4, 16, 64];
const NONE: RunFigures = {
  ...{ io_wait_pct: null, r_await_ms: null, rps_storage: null, read_mib_per_s: null },
  ...{ major_faults_per_s: null, swap_in_pages_per_s: null, psi_mem_some_pct: null },
};

/** An arm, and what its runs have in common. */
interface Arm {
  readonly design: StorageRun['design'];
  readonly arm: string;
  readonly level: number | null;
  readonly session?: StorageRun['session'];
  readonly load: string;
  /** Latency over the usual. */
  readonly slower: number;
  readonly firstTokenSlower?: number;
  readonly r_await_ms?: number;
  readonly reads?: number;
  readonly paging?: number;
  readonly adapters?: number;
  readonly rate?: number;
  /** How much busier the disk is than without. */
  readonly busier?: number;
}

function arms({ h0, h1 = 1, h2 = 1, h3 = false, h4 = 1, h5 = 1, h6 = 1 }: Planted): readonly Arm[] {
  const queue = (n: number) => (h0 === undefined ? 1 : Math.max(1, n / h0));
  const beyond = (w: number) => Math.max(0, w - KNEE) / (8 - KNEE);
  return [
    ...CONCURRENCY.map(
      (n): Arm => ({ design: 'h0', arm: `concurrency-${n}`, level: n, load: `closed ${n}`, slower: queue(n), rate: n / queue(n) }),
    ),
    ...(['cold', 'warm'] as const).map(
      (arm): Arm => ({ design: 'h1', arm, level: null, load: 'one', slower: 1, firstTokenSlower: arm === 'cold' ? h1 : 1, adapters: 4 }),
    ),
    ...WORKING_SETS.map(
      (w): Arm => ({
        // Work grows with the working set whether or not anything pages.
        ...{ design: 'h2', arm: `${w}k`, level: w, load: `closed 8, ${w}k`, slower: (1 + 0.08 * w) * Math.exp(beyond(w) * Math.log(h2)) },
        paging: h3 ? 1 + 400 * beyond(w) : 10 * w,
      }),
    ),
    ...CONTENTION.map(
      (arm, k): Arm => ({
        design: 'h4',
        arm,
        level: k,
        load: 'closed 8',
        slower: h4 ** (k / 3),
        r_await_ms: 0.2 + 0.9 * k,
        busier: h4 > 1 ? k : 0,
      }),
    ),
    ...ADAPTERS.flatMap(n =>
      (['random', 'sticky'] as const).map(
        (session): Arm => ({
          ...{
            design: 'h5',
            arm: `${n}-${session}`,
            level: n,
            session,
            load: 'closed 8',
            adapters: n,
            busier: h5 > 1 ? Math.log2(n / 4) / 2 : 0,
          },
          ...{ slower: h5 ** (Math.log(n / 4) / Math.log(16)), reads: h5 > 1 ? 20 * Math.log2(n) : 40 },
        }),
      ),
    ),
    ...(['baseline', 'storm'] as const).map(
      (arm): Arm => ({
        design: 'h6',
        arm,
        level: null,
        load: 'closed 8',
        slower: arm === 'storm' ? h6 : 1,
        ...(arm === 'storm' ? { adapters: 16, busier: h6 > 1 ? 1 : 0 } : {}),
      }),
    ),
  ];
}

/** Names of adapters that requests ask for: sticky sessions keep theirs. */
function accesses(random: () => number, { adapters: n = 1, session }: Arm, requests: number): string[] {
  const own = Array.from({ length: 8 }, () => Math.floor(random() * n));
  return Array.from({ length: requests }, (_, i) => `adapter-${session === 'sticky' ? own[i % 8] : Math.floor(random() * n)}`);
}

/** Mean share of the time in which disks stall. */
const STALLS = 6;

/** An experiment as it would have been measured: runs with requests, not figures that are right from the start. */
export function drawExperiment({ planted, seed, repeats, requests, noise, designs, trouble }: Draws): Experiment {
  const random = randomLcg(seed / 1e6 + 1e-9);
  const normal = randomNormal.source(random)(0, 1);
  const stall = randomExponential.source(random)(1);
  const pareto = randomPareto.source(random)(1.5);
  let place = 0;
  const run = (arm: Arm, block: number): StorageRun => {
    const stalls = stall();
    const outlier = trouble === 'outliers' && random() < 0.05 ? 3 : 1;
    const drift = trouble === 'drifting' ? 1.002 ** place++ : 1;
    const slower = arm.slower * outlier * drift * Math.exp(noise * normal()) * (planted.h8 ?? 1) ** (stalls + (arm.busier ?? 0));
    const latency = (by: number) =>
      Float64Array.from(
        { length: requests },
        () => by * Math.exp(0.3 * normal()) * (trouble === 'heavy-tailed' && random() < 0.05 ? pareto() : 1),
      ).sort();
    const asked = arm.adapters === undefined ? null : accesses(random, arm, requests);
    const loads = asked === null ? 0 : new Set(asked).size > 8 ? asked.length * (1 - 8 / new Set(asked).size) : 0;
    const share = planted.h7 ?? 0;
    const host_reads = Math.round(requests * 10 * Math.exp(0.2 * normal()) + 400 * share * loads);
    return {
      ...{ id: `${arm.design}-${arm.arm}-r${block}`, model: 'L8B', design: arm.design, arm: arm.arm, block, level: arm.level },
      ...{ session: arm.session ?? null, load: arm.load, lost: 0, answers_per_s: (arm.rate ?? 8) * Math.exp(noise * normal()) },
      ttft_ms: latency(80 * slower * (arm.firstTokenSlower ?? 1)),
      e2e_ms: latency(600 * slower),
      figures: {
        ...NONE,
        io_wait_pct: STALLS * (planted.h8 === undefined ? stall() : stalls + (arm.busier ?? 0)),
        r_await_ms: (arm.r_await_ms ?? 0.2) * Math.exp(0.1 * normal()),
        rps_storage: (arm.reads ?? 40) * Math.exp(0.2 * normal()),
        major_faults_per_s: (arm.paging ?? 1) * Math.exp(0.3 * normal()),
        swap_in_pages_per_s: 0,
      },
      adapters: asked === null ? null : { accesses: asked, host_reads, read_bytes: host_reads * 131_072, adapter_bytes: 400 * 131_072 },
    };
  };
  const plan = arms(planted).filter(({ design }) => designs === undefined || designs.includes(design));
  const runs = Array.from({ length: repeats }, (_, block) =>
    plan
      .map(arm => ({ arm, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ arm }) => run(arm, block + 1)),
  ).flat();
  return { model: 'L8B', runs, working_set_unit: 'tokens' };
}
