import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { compiled } from './compiled.ts';
import { between, table } from './marked.ts';

const FILE = 'docs/storage-hypotheses.md';
const Hypotheses = z.object({
  hypotheses: z.array(
    z.object({
      code: z.string(),
      claim: z.string(),
      test: z.string(),
      effect: z.string(),
      scale: z.enum(['ratio', 'correlation']),
      margin: z.number(),
      margin_reason: z.string(),
    }),
  ),
});

/** docs/storage-hypotheses.md with its table of hypotheses: file to text. */
export async function hypothesisTable(root: URL): Promise<ReadonlyMap<string, string>> {
  const contents = "export { hypotheses } from './src/decide/storage/hypotheses/index.gen.ts';";
  const { hypotheses } = Hypotheses.parse(await compiled(root, contents, 'hypotheses.js'));
  const rows = hypotheses.map(h => [
    ...[h.code, h.claim, h.test, h.effect],
    `${h.margin}${h.scale === 'ratio' ? ' times' : ''}: ${h.margin_reason}`,
  ]);
  const made = table(['', 'claim', 'test', 'effect', 'the smallest that matters, and why'], rows);
  return new Map([[FILE, between(FILE, readFileSync(new URL(FILE, root), 'utf8'), 'hypotheses', made)]]);
}
