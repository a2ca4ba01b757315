import { count, msOf, percent } from '#core/format/numbers';
import type { Share } from '#core/units';
import type { Chronic, ChronicIdle, Interference } from '#diagnosis/steps/chronic';
import { ROUND_OF_SCHEDULER_MS } from '#diagnosis/steps/is-incident';
import { isOfPrompts, STEP_KINDS } from '#diagnosis/steps/step-kinds';
import { CAUSE_TEXT, CAUSES, type Cause, type CauseOrRest } from '#schema/causes';
import type { Finding } from '#schema/report';
import { LAUNCH_BOUND } from './launch-bound.ts';
import { STEP_KIND_TEXT } from './step-kind-text.ts';

/** A quarter of the GPU's time is worth more than most tuning: below that a step is as good as its launches are. */
const IDLE_WORTH: Share = 0.25;
/** More often than not: what holds for that long is no stretch of the run, it is the run. */
const THROUGHOUT: Share = 0.5;

/** As for steps of a kind: less of the time is not worth a word. */
const INTERFERENCE_WORTH: Share = 0.1;

const partText = ({ what, ns }: ChronicIdle['parts'][number]): string => {
  const words =
    what === 'launches'
      ? 'between one launch and the next'
      : what === 'unattributed'
        ? 'launched and not yet begun'
        : CAUSE_TEXT[what as CauseOrRest].title.toLowerCase();
  return `${msOf(ns)} ${words}`;
};

/**
 * Prompts of others that hold up those which decode, where a usual one does so for longer than a delay that counts, and together they take a
 * tenth of the time. No fault: it is how this engine serves this load.
 */
function interferenceFinding(found: Interference | undefined): Finding[] {
  if (found === undefined || found.pause < ROUND_OF_SCHEDULER_MS * 1e6 || found.share < INTERFERENCE_WORTH) return [];
  const { step, pause, count: n, share } = found;
  return [
    {
      id: 'chronic-interference',
      severity: 'info',
      title: `Prompts of other requests pause every answer for ${msOf(pause)} at a time`,
      detail: `A step without prompts takes ${msOf(step)}, one with prompts ${msOf(step + pause)} (median). ${count(n, 'step')} took ${msOf(step + pause)} or longer. What they took beyond a step without prompts is ${percent(share)} of the time with requests in flight, and every answer waits meanwhile.`,
      advice: `Cut prompts into chunks (chunked prefill): with chunks that take as long as a step without prompts, tokens usually come ${msOf(2 * step)} apart while prompts run, instead of ${msOf(step + pause)}. First tokens come no sooner.`,
      evidence: [],
    },
  ];
}

function idleFinding({ kind, step, idle, parts }: ChronicIdle): Finding[] {
  const [main] = parts;
  if (main === undefined || idle < IDLE_WORTH * step) return [];
  const shown = parts.filter(p => p.ns >= 0.1 * idle).map(partText);
  const known = main.what !== 'launches' && main.what !== 'unattributed' && main.what !== 'work' ? CAUSE_TEXT[main.what].advice : undefined;
  return [
    {
      id: 'chronic-idle',
      // What launches cost is how the program is made: worth mending, and no fault of this run.
      severity: known === undefined ? 'info' : 'medium',
      title: `The GPU stands still for ${percent(idle / step)} of a ${STEP_KIND_TEXT[kind]} step`,
      detail: `A ${STEP_KIND_TEXT[kind]} step takes ${msOf(step)}, and for ${msOf(idle)} of it the GPU runs nothing (medians): ${shown.join(', ')}. Every request pays this, so none looks slow beside the others.`,
      advice: known ?? LAUNCH_BOUND.advice,
      evidence: [],
    },
  ];
}

/** A part of the idle time from which its cause is named as chronic. */
const NAMED: Share = 0.2;

/** Causes that leave the GPU idle in every step, for long enough to be a finding. */
export const chronicCauses = (lanes: readonly { readonly chronic: Chronic | undefined }[]): Cause[] =>
  lanes.flatMap(({ chronic }) =>
    (chronic?.idle ?? []).flatMap(({ step, idle, parts }) =>
      idle < IDLE_WORTH * step || !isCause(parts[0]?.what)
        ? []
        : parts.flatMap(({ what, ns }) => (isCause(what) && ns >= NAMED * idle ? [what] : [])),
    ),
  );

const isCause = (what: ChronicIdle['parts'][number]['what'] | undefined): what is Cause => CAUSES.some(c => c === what);

/** What is wrong in every step, where it is worth a word. */
export function chronicFindings(lanes: readonly { readonly chronic: Chronic | undefined }[], isHostBound: boolean): Finding[] {
  return lanes.flatMap(({ chronic }) => {
    if (chronic === undefined) return [];
    const { idle, shared, throttled, interference } = chronic;
    // That the serving steps are host-bound says the same of the plain ones, and more.
    const out = idle.filter(i => !isHostBound || isOfPrompts(STEP_KINDS.indexOf(i.kind))).flatMap(idleFinding);
    if (shared >= THROUGHOUT)
      out.push({
        id: 'chronic-contention',
        severity: 'medium',
        title: 'Others compute on the GPU throughout',
        detail: `Work of other processes or occasional streams ran on the GPU for ${percent(shared)} of the time that requests were in flight, so what a step takes without it is not known.`,
        advice: CAUSE_TEXT['gpu-contention'].advice,
        evidence: [],
      });
    if (throttled !== undefined && throttled.share >= THROUGHOUT)
      out.push({
        id: 'chronic-throttle',
        severity: 'medium',
        title: 'The clock is held down throughout',
        detail: `In ${percent(throttled.share)} of the samples the GPU gave a reason for a lowered clock (${throttled.reason}), so the run's own usual clock is no measure of what it can do.`,
        advice: CAUSE_TEXT['clock-throttle'].advice,
        evidence: [],
      });
    return [...out, ...interferenceFinding(interference)];
  });
}
