/**
 * Turns `--nsys --a=1 -b 2 -- cmd` into `--nsys=--a=1 --nsys=-b --nsys=2 -- cmd`: all that stands between --nsys and the workload is
 * for nsys, and a parser of options would take it for its own.
 */
export function gatherNsysWords(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const ours = end < 0 ? argv : argv.slice(0, end);
  const at = ours.indexOf('--nsys');
  if (at < 0) return [...argv];
  return [...argv.slice(0, at), ...ours.slice(at + 1).map(word => `--nsys=${word}`), ...(end < 0 ? [] : argv.slice(end))];
}
