import { z } from 'zod';

/** Sections of a card, in their order. */
export const CARD_SECTIONS = ['run', 'hardware', 'physics', 'serving', 'knees', 'pipeline', 'energy', 'incidents', 'regressions'] as const;
export const CardSection = z.enum(CARD_SECTIONS);
export type CardSection = z.infer<typeof CardSection>;

/** The gravest first. */
export const CARD_VERDICTS = ['fail', 'warn', 'not-measured', 'pass'] as const;
export const CardVerdict = z.enum(CARD_VERDICTS);
export type CardVerdict = z.infer<typeof CardVerdict>;

const source = z.string().nullable().describe('the file that tells it; null where there is none');

/** One thing that was judged, or should have been. */
export const CardRow = z.strictObject({
  section: CardSection,
  what: z.string(),
  verdict: CardVerdict,
  figure: z.string().nullable().describe('what was found, with its unit'),
  value: z.number().nullable().describe('the number in it'),
  unit: z.string(),
  limit: z.string().nullable().describe('what it is held against'),
  source,
  reason: z.string().describe("why it is so judged; '' where the figure says it"),
});
export type CardRow = z.infer<typeof CardRow>;

/** A number that nothing is held against. */
export const CardFigure = z.strictObject({
  section: CardSection,
  what: z.string(),
  value: z.number().describe('median of the runs'),
  low: z.number(),
  high: z.number(),
  unit: z.string(),
  runs: z.number().int().positive(),
  source: z.string(),
});
export type CardFigure = z.infer<typeof CardFigure>;

/** card.json: one page for a machine or a release. */
export const Card = z.strictObject({
  schema: z.literal('forensics.card/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  name: z.string(),
  verdict: CardVerdict.describe('fail where a row fails, else warn where one warns, else pass where one passes'),
  answer: z.string(),
  machine: z.array(z.strictObject({ what: z.string(), value: z.string() })),
  sections: z.array(z.strictObject({ section: CardSection, verdict: CardVerdict, rows: z.array(CardRow), figures: z.array(CardFigure) })),
});
export type Card = z.infer<typeof Card>;
