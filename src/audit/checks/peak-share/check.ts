import { contradiction, defineCheck } from '#audit/define';
import { boardOfModel } from '#audit/machines';
import type { Statement } from '#audit/statement';
import { inContext, ofQuantity } from '#audit/statement-set';
import { num, percent } from '#audit/wording';
import type { Board, Precision } from '#machine/peaks/boards';

const PRECISIONS: readonly string[] = ['float64', 'float32', 'tf32', 'float16', 'bfloat16', 'float8'] satisfies readonly Precision[];
/** Shares are stated in whole percents, of peaks that makers round. */
const WITHIN = 0.03;
const isPrecision = (of: string): of is Precision => PRECISIONS.includes(of);

/** The best product that is stated beside a share, and the published peak of its precision. */
function productOf(near: readonly Statement[], board: Board): { readonly product: Statement; readonly peak: number } | undefined {
  const [product] = near.toSorted((a, b) => b.value - a.value);
  const peak = product !== undefined && isPrecision(product.of) ? board.tflops[product.of] : undefined;
  return product === undefined || peak === undefined ? undefined : { product, peak };
}

export default defineCheck({
  id: 'peak-share',
  title: 'A share of the peak that belongs to another board',
  formula: 'share = TFLOP/s ÷ the dense peak of the exact board and precision, within 3 points',
  source: 'the makers’ documents, each named in src/machine/peaks/boards.ts',
  find: set =>
    ofQuantity(set, 'peak_share').flatMap(statement => {
      const gpus = inContext(set, statement, 'gpus');
      const board = gpus === undefined ? undefined : boardOfModel(gpus.of);
      if (gpus === undefined || board === undefined) return [];
      const near = ofQuantity(set, 'tflops', t => t.scope[0] === statement.scope[0] && t.scope[1] === statement.scope[1]);
      const found = productOf(near, board);
      if (found === undefined) return [];
      const { product, peak } = found;
      const [least, share, most] = [product.lower / peak, product.value / peak, product.upper / peak];
      if (statement.upper >= least - WITHIN && statement.lower <= most + WITHIN) return [];
      const sentence = `${product.text} is ${percent(share)} of the ${num(peak)} dense ${product.of} TFLOP/s of ${board.board} (${board.source}), but "${statement.text}" is stated.`;
      return [contradiction('implausible', statement, { what: 'share of the peak', value: share, unit: '' }, sentence, [product, gpus])];
    }),
});
