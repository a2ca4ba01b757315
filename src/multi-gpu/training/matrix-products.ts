/** Names of ranges with the shapes of what they were called with, as PyTorch writes them under emit_nvtx(record_shapes=True): `aten::mm, seq = 3, sizes = [[4096, 64], [64, 128]]`. */
const NAMED = /^aten::(mm|addmm|bmm|baddbmm)\b.*\bsizes = (\[.*\])/;
/** Where the two factors stand among the arguments: those that add something take it first. */
const FIRST: Readonly<Record<string, number>> = { mm: 0, bmm: 0, addmm: 1, baddbmm: 1 };

const numbers = (text: string): number[] => text.split(',').map(Number);

/** Floating-point operations of a matrix product that a range's name describes: two for each multiply-add; undefined where it describes none. */
export function productFlops(name: string): number | undefined {
  const [, operation = '', sizes = ''] = NAMED.exec(name) ?? [];
  const shapes = [...sizes.matchAll(/\[([\d, ]*)\]/g)].map(m => numbers(m[1] ?? ''));
  const at = FIRST[operation];
  const [a, b] = at === undefined ? [] : shapes.slice(at);
  const columns = b?.at(-1);
  if (a === undefined || columns === undefined || a.length < 2 || b?.length !== a.length) return undefined;
  const flops = 2 * a.reduce((product, n) => product * n, 1) * columns;
  return Number.isFinite(flops) && flops > 0 ? flops : undefined;
}
