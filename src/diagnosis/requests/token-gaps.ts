import type { LaneClock } from './lane-clock.ts';
import type { JudgedRequest } from './requests.ts';

/** The gaps between tokens of requests, on the lane's clock, request by request: columns, since there may be as many as tokens. */
export interface TokenGaps {
  readonly n: number;
  /** When each gap was over. */
  readonly to: Float64Array;
  readonly length: Float64Array;
  /** The request in which it lies: its index. */
  readonly of: Int32Array;
}

const MS = 1e6;

/** Gaps of requests whose tokens were recorded; tokens that came together leave none. */
export function tokenGaps(requests: readonly JudgedRequest[], clock: LaneClock): TokenGaps {
  const most = requests.reduce((n, r) => n + (r.firstToken === undefined ? 0 : (r.row.itl_ms?.length ?? 0)), 0);
  const to = new Float64Array(most);
  const length = new Float64Array(most);
  const of = new Int32Array(most);
  let n = 0;
  for (const [i, { firstToken, row }] of requests.entries()) {
    const gaps = row.itl_ms;
    if (firstToken === undefined || gaps === null) continue;
    let seen = firstToken;
    let before = clock.at(seen);
    for (const gap of gaps) {
      seen += gap * MS;
      const at = clock.at(seen);
      if (at > before) {
        to[n] = at;
        length[n] = at - before;
        of[n] = i;
        n++;
      }
      before = at;
    }
  }
  return { n, to: to.subarray(0, n), length: length.subarray(0, n), of: of.subarray(0, n) };
}
