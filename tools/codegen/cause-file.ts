import { z } from 'zod';
import { HUES, SHAPES } from './look.ts';

/** How the diagnosis and the report treat a cause, beside what its detector says. */
export const FLAGS = [
  /** The lane is starved by its host: counts towards "host-bound". */
  'host',
  /** Slows many steps a little: it counts even where no step stands out. */
  'sustained',
  /** Every normal step holds some of it: a little more is how a busy machine behaves, not a fault. */
  'everyday',
  /** Of an everyday cause: it counts only where a single stretch of it outlasts a whole normal step. */
  'one-stretch',
  /** The wait for admission while nothing else was wrong; one cause has it. */
  'waiting',
  /** The GPU works while it costs time: no part of what it stands still. */
  'busy',
  /** Work is launched and waits to begin: where it is in every step, no neighbour is to blame. */
  'launched',
  /** Accuses nothing: plain load, the tool itself, the honest rest. */
  'innocent',
  /** Both the delays of requests and the devices taken together may show it: it is told once, by the requests. */
  'told-once',
] as const;

const HUE_NAMES = Object.keys(HUES) as (keyof typeof HUES)[];
const Text = z.string().trim().min(1);
const Words = {
  /** A name in words. */
  title: Text,
  /** Why it hurts. */
  meaning: Text,
  /** What to do. */
  advice: Text,
  /** What it did, as words that end before whom: "a blocking copy held up". No name of a kernel, thread or call. */
  plainly: Text.max(70),
  /** What to do first, in a line of a table. */
  action: Text.max(75),
  /** Queries of queries/evidence that show it over its time, the most telling first, and what a reader should see in their rows. */
  evidence: z.array(z.strictObject({ query: Text, shows: Text })).min(1),
  /** Its look in every chart and legend: a pair that no other cause has (palette.test.ts). */
  look: z.strictObject({ hue: z.enum(HUE_NAMES), shape: z.enum(SHAPES) }),
};

/** cause.json: all that is known of a cause before any trace is read. */
export const CauseFile = z.strictObject({
  /** Place among the causes, which colours, sums and schemas follow: steps of ten leave room between. */
  order: z.int(),
  ...Words,
  /** Why it may be named, in one sentence: what was seen. */
  why: Text,
  /** Without all of these nothing can be told: type `Input` of diagnosis/causes/define.ts. */
  needs: z.array(Text).min(1),
  /** Without these less can be told; the sentence says what. */
  helps: z.record(Text, Text).default({}),
  /** Why it may be named where no trace was taken, what that rests on, and what is said then; left out where only a trace can show it. */
  untraced: z.strictObject({ why: Text, needs: z.array(Text).min(1), plainly: Words.plainly, action: Words.action }).optional(),
  flags: z.array(z.enum(FLAGS)),
  /** What the workloads call the faults that this cause is the right answer to. */
  faults: z.array(Text).default([]),
});
export type CauseFile = z.infer<typeof CauseFile>;

/** unexplained.json: the rest needs words and a look as well, but nothing finds it. */
export const RestFile = z.strictObject({ ...Words, flags: z.array(z.literal('innocent')) });
export type RestFile = z.infer<typeof RestFile>;
