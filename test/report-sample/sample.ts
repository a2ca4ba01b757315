import { CAUSE_TEXT } from '#schema/causes';
import { Report } from '#schema/report';
import { CONTEXT } from './context.ts';
import { incident } from './incidents.ts';
import { deviceBins, samples } from './machine.ts';
import { latency, requests } from './requests.ts';
import { STALLS } from './stalls.ts';

/** A whole report as a 12 s capture of a small server gives it: five stalls of 140 ms with two causes. */
export function sampleReport(n = 300): Report {
  const all = requests(n);
  const judged = all.filter(r => r.cause !== 'outside the trace');
  const slow = judged.filter(r => r.excess_ms > 20);
  const incidents = STALLS.map((stall, i) => incident(stall, i, all));
  const total = slow.reduce((sum, r) => sum + r.excess_ms, 0);
  const part = (cause: 'host-compute' | 'blocking-copy') => {
    const excess_ms = incidents
      .flatMap(i => i.causes)
      .filter(c => c.cause === cause)
      .reduce((sum, c) => sum + c.excess_ms, 0);
    return { cause, excess_ms, share: excess_ms / total };
  };
  const parts = [part('host-compute'), part('blocking-copy')];
  const rest = total - parts.reduce((sum, p) => sum + p.excess_ms, 0);
  const unexplained = { excess_ms: rest, share: rest / total };
  const e2e = latency(judged);
  // A sample of few requests has a lower p99 than the whole one.
  const atMost = (ms: number) => Math.min(ms, e2e[0]?.p99_ms ?? ms);
  return Report.parse({
    schema: 'forensics.report/1',
    ...CONTEXT,
    tool: { name: 'forensics', version: '0.1.0' },
    answer: `${slow.length} of ${judged.length} requests were slow, all but one of them in five short stalls. In three stalls the scheduler thread computed on the CPU for about 140 ms while the GPU had nothing to run; in two, a 268 MB copy to pageable host memory held the serving stream. Without the first, p99 would fall from ${e2e[0]?.p99_ms.toFixed(0)} ms to between 231 and 248 ms. ${(unexplained.share * 100).toFixed(0)} % of the delay is unexplained.`,
    requests: {
      total: n,
      finished: n,
      judged: judged.length,
      slow: slow.length,
      slow_threshold_ms: 20,
      expected: {
        method: 'robust regression of latency on prompt and output tokens, over requests outside incidents',
        coefficients: [
          { term: 'constant', value: 9, unit: 'ms' },
          { term: 'output tokens', value: 2.31, unit: 'ms per token' },
        ],
        noise_ms: 1.7,
      },
    },
    latency: e2e,
    latency_intended: [],
    latency_inside: latency(judged.filter(r => r.in_incident)),
    latency_outside: latency(judged.filter(r => !r.in_incident)),
    incidents,
    causes: parts.map((p, i) => ({
      ...p,
      rank: i + 1,
      scope: 'incident',
      p99_without_ms: i === 0 ? { lower: atMost(231), upper: atMost(248) } : { lower: atMost(262), upper: atMost(270) },
      confidence: i === 0 ? 'high' : 'medium',
      why_confidence:
        i === 0
          ? 'three of three incidents show the same thread outside any CUDA call'
          : 'two incidents, both with the same copy; the caller is not recorded',
      subject: STALLS.find(s => s.cause === p.cause)?.subject,
      root: null,
      incidents: incidents.filter(x => x.causes[0]?.cause === p.cause).map(x => x.id),
      evidence: incidents.find(x => x.causes[0]?.cause === p.cause)?.evidence,
      advice: CAUSE_TEXT[p.cause].advice,
    })),
    summary: {
      title: '2026-11-22 · NVIDIA H200 · process 4182 · 2026-11-22 12:36:22 UTC',
      verdict: `p99 was ${e2e[0]?.p99_ms.toFixed(0)} ms; 231 to 248 without the largest cause: the thread that feeds the GPU computed instead and held up ${slow.length === 1 ? '1 request' : `${slow.length} requests`}, 3 times.`,
      healthy: false,
      causes: parts.map(p => ({
        ...p,
        ...{ requests: slow.length, when: '3 times, 1.2 s to 9.4 s', action: CAUSE_TEXT[p.cause].action },
      })),
      others: 0,
      cannot_tell: CONTEXT.cannot_tell,
    },
    lane_books: [],
    grounds: [],
    statements: [],
    books: { excess_ms: total, parts: [...parts, { cause: 'unexplained', ...unexplained }] },
    unexplained,
    charts: { requests: all, device_bins: deviceBins(), ...samples() },
  });
}
