import { count, plain } from '#core/format/numbers';
import type { TargetFacts } from '#decide/targets/judge-targets';
import { metricName } from '#schema/run';
import { Judgement, type TargetResult } from '#schema/targets';

const WHY: Readonly<Record<NonNullable<TargetResult['why']>, string>> = {
  'no-figure': 'no run has a figure of it',
  'no-power': 'it needs the power of the same time: GPU samples beside the load test, or a result that tells it',
  'no-price': 'the targets name no price (kwh_usd or gpu_hour_usd)',
  'few-requests': 'a run has so few requests that it would be their maximum',
  'no-setting': 'no run was made with this load',
};
const BOUND: Readonly<Record<TargetResult['bound'], string>> = { at_least: '≥', above: '>', at_most: '≤', below: '<' };

const withUnit = (value: number, unit: string): string => `${plain(value)}${unit === '' ? '' : ` ${unit}`}`;

/** What a target asks for: p99 < 200 ms. */
const targetText = (target: Pick<TargetResult, 'metric' | 'setting' | 'bound' | 'limit' | 'unit'>): string =>
  `${metricName(target)} ${BOUND[target.bound]} ${withUnit(target.limit, target.unit)}`;

/** Targets with the reason of each that was not measured, in words. */
export const wordTargets = (facts: readonly TargetFacts[]): TargetResult[] =>
  facts.map(target => ({ ...target, reason: target.why === null ? '' : WHY[target.why] }));

const verdictOf = (results: readonly TargetFacts[]): Judgement['verdict'] =>
  (['fail', 'not-measured', 'pass'] as const).find(verdict => results.some(target => target.verdict === verdict)) ?? 'not-measured';

/** The first sentence of all targets together. */
export function targetsAnswer(results: readonly TargetResult[]): string {
  const of = (verdict: TargetResult['verdict']) => results.filter(target => target.verdict === verdict);
  const [failed, open] = [of('fail'), of('not-measured')];
  const [worst] = failed;
  const among = `${count(results.length, 'target')}`;
  if (worst !== undefined)
    return `Targets: ${failed.length} of ${among} failed: ${failed.map(t => `${targetText(t)} (${t.worst === null ? '' : withUnit(t.worst, t.unit)})`).join(', ')}.${open.length > 0 ? ` ${open.length} not measured.` : ''}`;
  if (open.length > 0)
    return `Targets: ${open.length} of ${among} not measured: ${open.map(t => `${targetText(t)} (${t.reason})`).join(', ')}.`;
  return `Targets: ${results.length === 1 ? 'the one is' : `all ${results.length} are`} reached.`;
}

/** Puts targets into sentences. */
export function wordJudgement(facts: readonly TargetFacts[], runs: readonly string[]): Judgement {
  const results = wordTargets(facts);
  return Judgement.parse({
    ...{ schema: 'forensics.judgement/1', verdict: verdictOf(facts), answer: targetsAnswer(results) },
    ...{ runs: [...runs], results },
  } satisfies Judgement);
}
