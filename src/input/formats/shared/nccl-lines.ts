import { isRecordable, publicMessage } from '#core/secrets/variables';
import type { FactRow } from '#schema/relation';
import { LogTally } from './log-tally.ts';

/** `host:pid:tid [gpu] NCCL INFO …`, and with a file before a warning; what stands before may name a host, and is not read. */
const MESSAGE = /\bNCCL (INFO|WARN) (.*)$/;
const HOST = /(?:^|\s)([\w.-]{1,253}):\d+:\d+ \[\d+\] /;
const VERSION = /\bNCCL version (\d+(?:\.\d+){1,3})(?:\+cuda(\d+\.\d+))?/;
const SET = /^(NCCL_[A-Z\d_]{1,60}) set by environment to (.{1,200}?)\.?$/;
const RANKS = /\bnranks (\d{1,6})(?=\s|$)/i;
const CHANNELS = /^(\d{1,4}) coll channels, .*, (\d{1,4}) nvls channels, (\d{1,4}) p2p channels(?=,|$)/;
/** `Channel 00/0 : 0[0] -> 1[1] via P2P/CUMEM`: one way between two ranks. */
const WAY = /^Channel \S{0,60} : .{1,160} via (P2P|SHM|NET|COLLNET)\b/;
const NVLS = /^NVLS multicast support is (not )?available/;

/** What NCCL says of itself where NCCL_DEBUG asks it to, gathered line by line from its own log or another's. */
export class NcclLines {
  readonly #nccl = new LogTally('NCCL');
  readonly #environment = new Map<string, string>();
  #seen = false;

  /** @param line without its line break */
  take(line: string): void {
    const [, version, cuda] = VERSION.exec(line) ?? [];
    const [, level, said = ''] = MESSAGE.exec(line) ?? [];
    if (version === undefined && level === undefined) return;
    if (!this.#seen) this.#nccl.count('warnings', 0);
    this.#seen = true;
    this.#nccl.state('version', version);
    this.#nccl.state('cuda', cuda);
    if (level === 'WARN') {
      this.#nccl.count('warnings');
      this.#nccl.message('first_warning', said, HOST.exec(line)?.[1]);
    } else if (level === 'INFO') this.#information(said.trim());
  }

  #information(said: string): void {
    const [, name = '', value = ''] = SET.exec(said) ?? [];
    if (name !== '' && isRecordable(name) && !this.#environment.has(name)) this.#environment.set(name, publicMessage(value));
    const ranks = RANKS.exec(said)?.[1];
    if (ranks !== undefined) this.#nccl.most('ranks', Number(ranks));
    const [, channels, nvls, p2p] = CHANNELS.exec(said) ?? [];
    if (channels !== undefined) {
      this.#nccl.most('channels', Number(channels));
      this.#nccl.most('nvls_channels', Number(nvls));
      this.#nccl.most('p2p_channels', Number(p2p));
    }
    const way = WAY.exec(said)?.[1];
    if (way !== undefined) this.#nccl.count(`transport.${way}`);
    const multicast = NVLS.exec(said);
    if (multicast !== null) this.#nccl.state('nvls', multicast[1] === undefined);
  }

  rows(): readonly FactRow[] {
    return [...this.#nccl.rows(), ...[...this.#environment].map(([name, value]) => ({ entity: 'environment', name, value, unit: '' }))];
  }
}
