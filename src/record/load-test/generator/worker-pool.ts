import { ForensicsError } from '#core/errors';
import type { Handle, StartGenerator } from './generators.ts';
import type { WorkerMessage } from './messages.ts';
import { monotonicNs, NS_PER_S } from './monotonic.ts';
import type { Outcome } from './outcome.ts';
import { type Equipment, type Plan, shares } from './plan.ts';

/** How long a generator may take to start. */
const START_SECONDS = 30;
/** From the command to run to the schedule's zero: time for all generators to have it. */
const LEAD_NS = 0.1 * NS_PER_S;

export interface Progress {
  readonly sent: number;
  readonly inFlight: number;
}
/** What a run of one plan gave. */
export interface Ran {
  readonly start: number;
  readonly outcomes: readonly Outcome[];
  readonly inFlightNs: number;
  /** When it was told to stop before its end, monotonic ns. */
  readonly stoppedAt: number | null;
  /** One sentence for each generator that died. */
  readonly deaths: readonly string[];
}

interface Member {
  handle: Handle | undefined;
  share: Plan | undefined;
  progress: Progress;
  /** Numbers of the requests that it has told of. */
  readonly told: Set<number>;
  state: 'starting' | 'ready' | 'running' | 'dead';
}

/** Some generators that do one plan together. */
export class WorkerPool {
  readonly #members: Member[];
  readonly #watch: (outcome: Outcome) => void;
  #outcomes: Outcome[] = [];
  #inFlightNs = 0;
  #deaths: string[] = [];
  #stoppedAt: number | null = null;
  #changed: () => void = () => {};

  constructor(n: number, equipment: Equipment, start: StartGenerator, watch: (outcome: Outcome) => void) {
    this.#watch = watch;
    this.#members = Array.from({ length: n }, (): Member => {
      const member: Member = {
        handle: undefined,
        share: undefined,
        progress: { sent: 0, inFlight: 0 },
        told: new Set(),
        state: 'starting',
      };
      member.handle = start(
        equipment,
        message => this.#hear(member, message),
        why => this.#markDead(member, why),
      );
      return member;
    });
  }

  /** @throws ForensicsError unsupported when no generator starts */
  async ready(): Promise<void> {
    const late = setTimeout(() => {
      for (const m of this.#members) if (m.state === 'starting') this.#markDead(m, 'it did not start');
    }, START_SECONDS * 1000);
    await this.#until(() => this.#members.every(m => m.state !== 'starting'));
    clearTimeout(late);
    const [death] = this.#deaths;
    if (death !== undefined)
      throw new ForensicsError('unsupported', `a generator cannot be started: ${death}`, 'Ask for fewer with --generators.');
  }

  /** Runs a plan to its end; all that it meant to send is accounted for. */
  async run(draft: (start: number) => Plan): Promise<Ran> {
    const start = monotonicNs() + LEAD_NS;
    const alive = this.#members.filter(m => m.state === 'ready');
    this.#outcomes = [];
    this.#inFlightNs = 0;
    this.#deaths = [];
    shares(draft(start), alive.length).forEach((share, i) => {
      const member = alive[i];
      if (member === undefined) return;
      member.share = share;
      member.told.clear();
      member.state = 'running';
      member.handle?.send({ kind: 'run', plan: share });
    });
    await this.#until(() => this.#members.every(m => m.state !== 'running'));
    return { start, outcomes: this.#outcomes, inFlightNs: this.#inFlightNs, stoppedAt: this.#stoppedAt, deaths: this.#deaths };
  }

  /** Sends nothing more, and waits so many seconds for what is in flight. */
  stop(graceSeconds: number): void {
    this.#stoppedAt ??= monotonicNs();
    for (const m of this.#members) if (m.state === 'running') m.handle?.send({ kind: 'stop', graceSeconds });
  }

  progress(): Progress {
    const all = this.#members.map(m => m.progress);
    return { sent: all.reduce((n, p) => n + p.sent, 0), inFlight: all.reduce((n, p) => n + p.inFlight, 0) };
  }

  /** Whether any generator is left. */
  alive(): boolean {
    return this.#members.some(m => m.state !== 'dead');
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(m => m.handle?.end()));
  }

  #hear(member: Member, message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        if (member.state === 'starting') member.state = 'ready';
        break;
      case 'progress':
        member.progress = { sent: message.sent, inFlight: message.inFlight };
        for (const outcome of message.outcomes) {
          member.told.add(outcome.index);
          this.#add(outcome);
        }
        return;
      case 'done':
        this.#inFlightNs += message.inFlightNs;
        member.progress = { sent: message.released, inFlight: 0 };
        member.state = 'ready';
        break;
    }
    this.#changed();
  }

  #add(outcome: Outcome): void {
    this.#outcomes.push(outcome);
    this.#watch(outcome);
  }

  /** What a dead generator had sent and not told of is unfinished: nobody knows what became of it. */
  #markDead(member: Member, why: string): void {
    if (member.state === 'dead') return;
    const { share } = member;
    if (member.state === 'running' && share?.loop === 'open') {
      const now = monotonicNs();
      share.index.forEach((index, k) => {
        const due = share.due[k] ?? Number.POSITIVE_INFINITY;
        const intended = share.start + due * NS_PER_S;
        if (intended > now || member.told.has(index)) return;
        this.#add({
          index,
          phase: due < share.warmUp ? 'warm-up' : 'measured',
          intended,
          released: intended,
          sent: null,
          first: null,
          last: null,
          finish: null,
          settled: now,
          gapsUs: [],
          promptTokens: null,
          outputTokens: null,
          counted: null,
          status: 'unfinished',
          why: 'its generator died',
        });
      });
    }
    member.state = 'dead';
    member.progress = { ...member.progress, inFlight: 0 };
    this.#deaths.push(why);
    this.#changed();
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const look = () => {
        if (!condition()) return;
        this.#changed = () => {};
        resolve();
      };
      this.#changed = look;
      look();
    });
  }
}
