import { itemAt } from '#core/columns';
import { percentile } from '#core/math/percentiles';
import type { LoadStage } from '#schema/load';
import { NS_PER_MS } from './monotonic.ts';
import type { Outcome } from './outcome.ts';
import type { Target } from './target.ts';

/** The servers that requests go to in turn: scheme, host and port of each. */
export const originsOf = ({ origin, replicas = [] }: Pick<Target, 'origin' | 'replicas'>): readonly string[] => [origin, ...replicas];

/** What belongs to the server that a request goes to, by its number. */
export const replicaOf = <T>(index: number, ofServers: readonly T[]): T => itemAt(ofServers, index % ofServers.length);

/** What became of the requests that went to each server: one that is slow or down hides in the sum. Undefined where there is one. */
export function byReplica(target: Target, outcomes: readonly Outcome[]): LoadStage['replicas'] {
  const origins = originsOf(target);
  if (origins.length === 1) return undefined;
  return origins.map(origin => {
    const own = outcomes.filter(o => o.phase === 'measured' && replicaOf(o.index, origins) === origin);
    const ok = own.filter(o => o.status === 'ok');
    const waits = Float64Array.from(
      ok.flatMap(({ finish, intended, sent }) => {
        const from = intended ?? sent;
        return finish === null || from === null ? [] : [(finish - from) / NS_PER_MS];
      }),
    ).sort();
    const at = (q: number) => (waits.length === 0 ? null : percentile(waits, q));
    return {
      url: `${origin}${target.path.split('?')[0]}`,
      ...{ sent: own.length, ok: ok.length, e2e_p50_ms: at(0.5), e2e_p99_ms: at(0.99) },
    };
  });
}
