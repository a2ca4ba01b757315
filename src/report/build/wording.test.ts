import { describe, expect, test } from 'vitest';
import { endToEnd, judgedCause, stallOf } from './facts.test-data.ts';
import { type AnswerFacts, answerOf, storyOf } from './wording.ts';

const facts = (over: Partial<AnswerFacts> = {}): AnswerFacts => ({
  ...{ e2e: endToEnd(400), requests: 1000, slow: 0, books: { excess_ms: 0, parts: [] }, unexplained: { excess_ms: 0, share: 0 } },
  ...{ causes: [], incidents: [], busyShare: undefined, hostBound: undefined, withoutAll: undefined, wholeTest: undefined },
  ...{ cannot: undefined, parallel: [] },
  ...over,
});

describe('the answer about requests', () => {
  test('of a calm run says that nothing held requests up', () =>
    expect(answerOf(facts({ busyShare: 0.471 }))).toBe(
      'p99 latency was 400 ms, and nothing was found that held requests up. No request took longer than its work explains. The GPU was busy 47 % of the time that requests were in flight.',
    ));
  test('says that p99 would not move, where it reads the same without the cause', () => {
    const causes = [judgedCause('storage-io', { p99_without_ms: { lower: 400, upper: 400 } })];
    expect(answerOf(facts({ causes, slow: 12 }))).toMatch(
      /^p99 latency was 400 ms, and would not move without storage on the launch path /,
    );
  });
  test('names the first cause with p99 without it, all shares, lesser causes and the rest', () => {
    const causes = [
      judgedCause('storage-io', { share: 0.7, incidents: ['I1', 'I2'], p99_without_ms: { lower: 0.04, upper: 1.5 } }),
      judgedCause('code-load', { share: 0.2, incidents: ['I3'] }),
    ];
    const text = answerOf(
      facts({
        ...{ causes, slow: 12, books: { excess_ms: 4750.4, parts: [] }, unexplained: { excess_ms: 190, share: 0.04 } },
        withoutAll: { lower: 70, upper: 70.001 },
      }),
    );
    expect(text).toContain('without storage on the launch path (about storage-io) it would have been 0.040 to 1.50 ms.');
    expect(text).toContain('Without all the causes named here: 70 to 70.0 ms.');
    expect(text).toMatch(
      /12 of 1,000 requests took 4,750 ms longer in all than their work explains: 70 % storage on the launch path, 20 % /,
    );
    expect(text).toMatch(/6\.0 % lesser causes \(listed in the report\); 4\.0 % is unexplained\.$/);
  });
  test('queueing without an incident is where time went, and no fault to lead with', () => {
    const text = answerOf(
      facts({ causes: [judgedCause('queueing', { incidents: [] })], slow: 3, unexplained: { excess_ms: 5, share: 0.5 } }),
    );
    expect(text).toMatch(/^p99 latency was 400 ms, and nothing was found that held requests up\. .* spread thin.*50 % unexplained\)\.$/);
  });
  test('too few requests, and the whole load test beyond the trace, are told', () => {
    const text = answerOf(facts({ e2e: endToEnd(400, 113, null), wholeTest: endToEnd(512.4, 1220) }));
    expect(text).toContain('113 requests are too few for an upper bound of p99.');
    expect(text).toContain('Over all 1,220 requests that finished, outside the trace too, p99 was 512 ms.');
  });
  test('why causes cannot be told stands in their place', () => {
    const text = answerOf(facts({ cannot: 'No results come back.', slow: 4, books: { excess_ms: 9.5, parts: [] } }));
    expect(text).toBe(
      'p99 latency was 400 ms. No results come back. 4 of 1,000 requests took 9.50 ms longer in all than their work explains; why cannot be told.',
    );
  });
});

describe('the answer without requests that can be judged', () => {
  const none = { e2e: undefined, requests: 0 };
  test('is what the devices did together, where there is that', () =>
    expect(answerOf(facts({ ...none, parallel: ['The bubble is even.', 'Nobody was late.'] }))).toBe(
      'The bubble is even.\n\nNobody was late.',
    ));
  test('names the longest stall', () =>
    expect(answerOf(facts({ ...none, incidents: [stallOf(0, 9, { 'code-load': 5 }), stallOf(20, 90, { 'device-sync': 61.5 })] }))).toMatch(
      /^No load test came with this trace, .* The GPU was delayed in 2 stretches; the longest, 61\.5 ms: needless synchronisation \(about device-sync\)\.$/,
    ));
  test('says that a load test came, but judges nobody', () =>
    expect(answerOf(facts({ ...none, requests: 20 }))).toMatch(
      /^Of the 20 requests of the load test none can be judged .* No stretch stood out/,
    ));
});

describe('the story of an incident', () => {
  test('says when, how long, what, whom and at what cost', () =>
    expect(storyOf(stallOf(0, 281, { 'blocking-copy': 250 }), 221.4, 11, 783)).toBe(
      'At 0.221 s, for 281 ms: blocking copy (about blocking-copy). It delayed 11 requests, 783 ms of delay in all.',
    ));
  test('names what else was at work from a tenth of the main cause on', () => {
    const story = storyOf(stallOf(0, 100, { 'host-compute': 50, queueing: 5, 'code-load': 4.9 }), 0, 1, 0);
    expect(story).toMatch(/It delayed 1 request\. Also at work: queueing \(about queueing\)\.$/);
    expect(story).not.toContain('code');
  });
  test('leaves open which of two causes weighs more, where they differ by less than a delay that counts', () => {
    const story = (other: number) => storyOf(stallOf(0, 100, { 'host-compute': 50, 'code-load': other }), 0, 1, 0);
    expect(story(40.1)).toContain(
      ': either host computing (about host-compute) or code loading or compiling (about code-load). It delayed',
    );
    expect(story(40.1)).not.toContain('Also at work');
    expect(story(40)).toMatch(/: host computing \(about host-compute\)\. .* Also at work: code loading/);
  });
  test('is open for no cause of half the weight', () =>
    expect(storyOf(stallOf(0, 100, { 'host-compute': 12, 'code-load': 6 }), 0, 1, 0)).not.toContain('either'));
  test('of nobody held up, and of nothing known, says so', () =>
    expect(storyOf(stallOf(0, 1, {}), 0, 0, 0)).toBe('At 0.000 s, for 1 ms: nothing is known. It delayed no finished request.'));
});
