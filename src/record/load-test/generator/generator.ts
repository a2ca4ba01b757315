import { asking } from './asking.ts';
import { Connections } from './connections.ts';
import { type Exchange, exchange } from './exchange.ts';
import { InFlight } from './in-flight.ts';
import type { WorkerCommand, WorkerMessage } from './messages.ts';
import { monotonicNs, NS_PER_S } from './monotonic.ts';
import { type Outcome, outcomeOf, type Wanted } from './outcome.ts';
import type { ClosedPlan, Equipment, Plan } from './plan.ts';
import { PreciseQueue } from './precise-queue.ts';
import { originsOf, replicaOf } from './replicas.ts';
import { rng } from './rng.ts';
import { bodies, requestId } from './target.ts';

/** What happened is told together: a message for each request would cost this process and the one that hears it more than what it tells. */
const PROGRESS_MS = 25;
/** How often it is looked who has run out of time; the time itself is taken exactly. */
const PATROL_MS = 50;
/** A slot of a closed loop rests after a failure, or a server that is down would be asked ten thousand times a second. */
const FAILED_PAUSE_MS = 100;

interface Pending {
  readonly exchange: Exchange;
  readonly released: number;
}

/** Sends the requests of one plan after the other, and tells what became of each. */
export class Generator {
  readonly #equipment: Equipment;
  readonly #tell: (message: WorkerMessage) => void;
  readonly #connections: readonly Connections[];
  readonly #bodyOf: ReturnType<typeof bodies>;
  readonly #askedBy: ReturnType<typeof asking>;
  readonly #queue = new PreciseQueue();
  readonly #inFlight = new InFlight<Pending>();
  /** Not yet told of. */
  #outcomes: Outcome[] = [];
  #plan: Plan | undefined;
  #sending = false;
  #released = 0;
  #unsent = 0;
  #giveUpAt = Number.POSITIVE_INFINITY;
  #inFlightNs = 0;
  #countedTo = 0;
  #patrol: NodeJS.Timeout | undefined;
  #progress: NodeJS.Timeout | undefined;

  constructor(equipment: Equipment, tell: (message: WorkerMessage) => void) {
    this.#equipment = equipment;
    this.#tell = tell;
    this.#bodyOf = bodies(equipment.target, rng(equipment.seed, 'prompts'));
    this.#askedBy = asking(equipment.target, equipment.seed);
    this.#connections = originsOf(equipment.target).map(origin => new Connections(origin));
    tell({ kind: 'ready' });
  }

  obey(command: WorkerCommand): void {
    switch (command.kind) {
      case 'run':
        this.#run(command.plan);
        break;
      case 'stop':
        this.#stop(command.graceSeconds);
        break;
      case 'close':
        this.#queue.close();
        for (const connections of this.#connections) void connections.destroy();
    }
  }

  #run(plan: Plan): void {
    this.#plan = plan;
    this.#sending = true;
    this.#released = 0;
    this.#unsent = 0;
    this.#inFlightNs = 0;
    this.#giveUpAt = Number.POSITIVE_INFINITY;
    // After the sockets were read: what has come while we stood still has come in time.
    this.#patrol = setInterval(() => setImmediate(() => this.#look()), PATROL_MS);
    this.#progress = setInterval(() => this.#report(), PROGRESS_MS);
    if (plan.loop === 'open') this.#next(0);
    else {
      this.#queue.at(plan.start, () => {
        for (let slot = 0; slot < plan.concurrency; slot++) this.#again(plan, plan.first + slot * plan.step);
        // A generator without a share has nothing to wait for.
        if (plan.concurrency === 0) this.#sent();
      });
      if (!Number.isFinite(plan.end)) return;
      this.#queue.at(plan.start + plan.end * NS_PER_S, () => {
        if (this.#plan === plan) this.#sent();
      });
    }
  }

  /** Open loop: request k goes when it is due, whatever became of those before it. */
  #next(k: number): void {
    const plan = this.#plan;
    if (plan?.loop !== 'open' || !this.#sending) return;
    const due = plan.due[k];
    const index = plan.index[k];
    if (due === undefined || index === undefined) {
      this.#sent();
      return;
    }
    const intended = plan.start + due * NS_PER_S;
    this.#queue.at(intended, () => {
      if (!this.#sending || this.#plan !== plan) return;
      const phase = due < plan.warmUp ? 'warm-up' : 'measured';
      const [promptTokens, outputTokens] = [plan.promptTokens[k] ?? 1, plan.outputTokens[k] ?? 1];
      this.#release({ index, phase, intended, promptTokens, outputTokens, asked: this.#askedBy(plan.stage, index, null) });
      this.#next(k + 1);
    });
  }

  /** Closed loop: the next request of a place that is free. @param place its number among those of all generators */
  #again(plan: ClosedPlan, place: number): void {
    const elapsed = (monotonicNs() - plan.start) / NS_PER_S;
    if (!this.#sending || this.#plan !== plan || elapsed >= plan.end) return;
    const index = plan.first + this.#released * plan.step;
    if (index >= plan.requests) return void this.#sent();
    const phase = elapsed < plan.warmUp ? 'warm-up' : 'measured';
    const promptTokens = plan.promptTokens[index % plan.promptTokens.length] ?? 1;
    const outputTokens = plan.outputTokens[index % plan.outputTokens.length] ?? 1;
    const asked = this.#askedBy(plan.stage, index, place);
    this.#release({ index, phase, intended: null, promptTokens, outputTokens, asked }, () => this.#again(plan, place));
  }

  /** @param again what follows it in a closed loop */
  #release(wanted: Wanted, again?: () => void): void {
    const plan = this.#plan;
    if (plan === undefined) return;
    const { target } = this.#equipment;
    const body = this.#bodyOf(wanted.index, wanted.promptTokens, wanted.outputTokens, wanted.asked);
    const released = monotonicNs();
    this.#count(released);
    this.#released++;
    const connections = replicaOf(wanted.index, this.#connections);
    let slot: number | undefined;
    let over = false;
    const sent = exchange(connections, target, { id: requestId(target, plan.stage, wanted.index), body }, ended => {
      over = true;
      this.#count(ended.settled);
      if (slot !== undefined) this.#inFlight.leave(slot);
      this.#outcomes.push(outcomeOf(wanted, released, ended, target));
      if (again !== undefined) {
        if (ended.status === 'failed') setTimeout(again, FAILED_PAUSE_MS);
        else setImmediate(again);
      }
      this.#checkDone();
    });
    if (!over) slot = this.#inFlight.add({ exchange: sent, released });
  }

  /** Adds what was in flight since the last change. */
  #count(at: number): void {
    if (this.#countedTo > 0) this.#inFlightNs += this.#inFlight.size * Math.max(0, at - this.#countedTo);
    this.#countedTo = at;
  }

  /** The plan is sent, or we were told to stop. */
  #sent(graceSeconds = this.#plan?.limits.drain ?? 0): void {
    this.#sending = false;
    this.#giveUpAt = Math.min(this.#giveUpAt, monotonicNs() + graceSeconds * NS_PER_S);
    this.#checkDone();
  }

  #stop(graceSeconds: number): void {
    const plan = this.#plan;
    if (plan === undefined) return;
    if (this.#sending && plan.loop === 'open') {
      const now = (monotonicNs() - plan.start) / NS_PER_S;
      this.#unsent = plan.due.reduce((n, due) => n + (due <= now ? 1 : 0), 0) - this.#released;
    }
    this.#sent(graceSeconds);
  }

  #look(): void {
    const now = monotonicNs();
    const timeout = (this.#plan?.limits.timeout ?? 0) * NS_PER_S;
    for (const { exchange: pending, released } of this.#inFlight.all()) {
      if (now >= this.#giveUpAt) pending.abandon('still running at the end');
      else if (now - released >= timeout) pending.abandon('timed out');
      else break;
    }
    this.#checkDone();
  }

  #report(): void {
    this.#tell({ kind: 'progress', sent: this.#released, inFlight: this.#inFlight.size, outcomes: this.#outcomes });
    this.#outcomes = [];
  }

  #checkDone(): void {
    if (this.#plan === undefined || this.#sending || this.#inFlight.size > 0) return;
    this.#plan = undefined;
    clearInterval(this.#patrol);
    clearInterval(this.#progress);
    this.#report();
    this.#tell({ kind: 'done', unsent: this.#unsent, released: this.#released, inFlightNs: this.#inFlightNs });
  }
}
