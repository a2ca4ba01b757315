import { itemAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { medianOf } from '#core/math/median';
import { ascendingOrder, upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { fitExpected } from './expected.ts';
import type { LaneClock } from './lane-clock.ts';
import { type Job, type LaneRules, replay, type Served, workOf } from './lane-queue.ts';
import type { JudgedRequest } from './requests.ts';
import { type TokenGaps, tokenGaps } from './token-gaps.ts';

/** What a run shows of how its lane serves requests, on the lane's clock. */
export interface UsualPace extends LaneRules {
  /** Between two tokens of a request. */
  readonly gap: Ns;
  /** For how long each request's prefill holds up everyone. */
  readonly holdsUp: readonly Ns[];
  /** What each worked beside that. */
  readonly work: Float64Array;
  /** What each waits for admission though there is room: until the step is over. */
  readonly wait: readonly Ns[];
}

const MS = 1e6;
/** Points that a fit gets at most, evenly chosen: it is robust, and takes time in proportion. */
const MOST_POINTS = 150;
/** Fewer points than this show no relation. */
const FEWEST_POINTS = 10;

/** How a lane serves, from the requests that it served. */
export function usualPace(requests: readonly JudgedRequest[], clock: LaneClock): UsualPace {
  const served = requests.map(r => ({ admitted: clock.at(r.served), done: clock.at(r.end) }));
  const isLogged = requests.every(r => r.scheduled !== undefined);
  // What is called served where no admission was recorded is the first token: the prefill, and any queue, lie in the wait before it.
  const gaps = tokenGaps(requests, clock);
  const gap = usualGap(requests, gaps, clock);
  const holdsUp = isLogged ? prefills(requests, gaps, gap, clock) : requests.map(() => 0);
  const slowdown = slowdownOf(requests, served, holdsUp);
  const nets = requests.map(r => Math.max(0, clock.at(r.served) - clock.at(r.arrival)));
  // With room, one waits until the step under way is over: no longer than a token takes, and the longest prefill.
  const step = gap + holdsUp.reduce((m, h) => Math.max(m, h), 0);
  const work = workOf(served, holdsUp, slowdown);
  const wait = isLogged ? nets.map(w => Math.min(w, step)) : nets;
  const jobs = requests.map((r, i) => ({
    ready: clock.at(r.arrival) + valueAt(wait, i),
    holdsUp: valueAt(holdsUp, i),
    work: realAt(work, i),
  }));
  return { most: isLogged ? placesOf(jobs, served, slowdown) : Number.POSITIVE_INFINITY, slowdown, gap, holdsUp, work, wait };
}

/**
 * How many requests the lane takes at once: that number with which the replay admits them when they were admitted, by the sum of
 * what it is off. The most that were seen at once is only an upper bound: an answer is on its way to the client while its place is taken already.
 */
function placesOf(jobs: readonly Job[], served: readonly Served[], slowdown: LaneRules['slowdown']): number {
  const known = new Map<number, Ns>();
  const off = (places: number) =>
    getOrCompute(known, places, () =>
      replay(jobs, { most: places, slowdown }).reduce((s, r, i) => s + r.admitted - itemAt(served, i).admitted, 0),
    );
  // The more room, the less wait: the last number with which requests waited too long, by bisection.
  let low = 0;
  let high = mostAtOnce(served);
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (off(middle) > 0) low = middle;
    else high = middle;
  }
  return low > 0 && Math.abs(off(low)) < Math.abs(off(high)) ? low : high;
}

/** The most that ran at once. */
function mostAtOnce(served: readonly Served[]): number {
  const ends = Float64Array.from(served, s => s.done).sort();
  return Float64Array.from(served, s => s.admitted)
    .sort()
    .reduce((most, t, i) => Math.max(most, i + 1 - upperBound(ends, t)), 1);
}

/** Time between two tokens of a request at the median, on the lane's clock; where gaps were not recorded, of a token after the first. 0 without tokens. */
function usualGap(requests: readonly JudgedRequest[], gaps: TokenGaps, clock: LaneClock): Ns {
  if (gaps.n >= FEWEST_POINTS) return medianOf(gaps.length);
  const perToken = requests.flatMap(({ work: { output }, firstToken, end }) =>
    output === null || output < 2 || firstToken === undefined ? [] : [(clock.at(end) - clock.at(firstToken)) / (output - 1)],
  );
  return perToken.length === 0 ? 0 : medianOf(perToken);
}

/**
 * How long each prefill holds the others up: by how much the gaps between their tokens in which somebody's first token falls exceed
 * the usual gap, as a line on the prompt. Without gaps: the time from admission to the first token, less a token's.
 */
function prefills(requests: readonly JudgedRequest[], gaps: TokenGaps, gap: Ns, clock: LaneClock): readonly Ns[] {
  const firsts = requests.map(r => (r.firstToken === undefined ? Number.NaN : clock.at(r.firstToken)));
  const points = gaps.n >= FEWEST_POINTS ? gapsWithPrefill(gaps, gap, firsts) : firstTokens(requests, gap, firsts, clock);
  if (points.length < FEWEST_POINTS) return requests.map(() => 0);
  const every = Math.ceil(points.length / MOST_POINTS);
  const some = points.filter((_, i) => i % every === 0);
  const promptOf = (i: number) => ({ prompt: itemAt(requests, i).work.prompt, output: null, batch: null });
  const { predict } = fitExpected(
    some.map(p => promptOf(p.of)),
    some.map(p => p.took / MS),
  );
  return requests.map((_, i) => Math.max(0, predict(promptOf(i))) * MS);
}

/** Time that the prefill of one request took from the others. */
interface Prefill {
  readonly of: number;
  readonly took: Ns;
}

/** From the gaps between tokens that hold the first token of exactly one other request. */
function gapsWithPrefill(gaps: TokenGaps, usual: Ns, firsts: readonly Ns[]): readonly Prefill[] {
  const known = firsts.map((_, i) => i).filter(i => !Number.isNaN(firsts[i]));
  const order = Uint32Array.from(ascendingOrder(known.map(i => valueAt(firsts, i))), k => valueAt(known, k));
  const sorted = Float64Array.from(order, i => valueAt(firsts, i));
  // Stamps of one step differ by what delivery took: half a step tells it from the next.
  const upTo = (t: Ns) => upperBound(sorted, t + usual / 2);
  const out: Prefill[] = [];
  for (let k = 0; k < gaps.n; k++) {
    const to = realAt(gaps.to, k);
    const gap = realAt(gaps.length, k);
    const before = upTo(to - gap);
    const one = order[before];
    // Where the next first token lies beyond the gap, nobody's lies in it: so it is with nearly all gaps.
    if (one === undefined || one === gaps.of[k] || realAt(sorted, before) > to + usual / 2) continue;
    if (upTo(to) - before === 1) out.push({ of: one, took: gap - usual });
  }
  return out;
}

/** From the times to the first token, less a token's. */
function firstTokens(requests: readonly JudgedRequest[], usual: Ns, firsts: readonly Ns[], clock: LaneClock): readonly Prefill[] {
  return requests.flatMap((r, i) => {
    const took = valueAt(firsts, i) - clock.at(r.served) - usual;
    return Number.isNaN(took) ? [] : [{ of: i, took }];
  });
}

/**
 * How much slower a step is with many requests: the line of requests' work on their tokens, and on tokens times the requests beside
 * them. A lane without such a relation, or whose tokens are not known, has one pace.
 */
function slowdownOf(requests: readonly JudgedRequest[], served: readonly Served[], holdsUp: readonly Ns[]): (running: number) => number {
  if (requests.length < FEWEST_POINTS || requests.some(r => r.work.output === null)) return () => 1;
  const work = workOf(served, holdsUp, () => 1);
  const every = Math.ceil(requests.length / MOST_POINTS);
  const some = requests.map((_, i) => i).filter(i => i % every === 0);
  const { terms } = fitExpected(
    some.map(i => ({ ...itemAt(requests, i).work, prompt: null })),
    some.map(i => realAt(work, i) / MS),
  );
  const per = (name: string) => terms.find(t => t.term === name)?.value ?? 0;
  const [alone, beside] = [per('output'), per('output x batch')];
  return alone + beside > 0 ? running => (alone + beside * running) / (alone + beside) : () => 1;
}
