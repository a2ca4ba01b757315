/** Names of fields that hold how long something took or how much there is: below zero is impossible. Moments may lie before a session began. */
const LENGTH =
  /^(busy|idle|compute_absent|communication|copy|exposed_\w+|overlapped|lower|upper|held_up|latency|expected|duration|length|p\d+|max|min|lost|width)_(ms|s|ns)$|^(joules|watts|energy_j|power_w|bytes|count|n|requests|tokens)$/;
/** No request or step has lasted for ten years. */
const LONGEST_MS = 3.2e11;

/** Numbers that no report may hold, each with its path: NaN, Infinity, negative times, and longer ones than a run can be. */
export function badNumbers(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'number') {
    const key = path.slice(path.lastIndexOf('.') + 1);
    if (!Number.isFinite(value)) return [`${path} is ${value}`];
    if (value < 0 && LENGTH.test(key)) return [`${path} is ${value}, below zero`];
    if (value > LONGEST_MS && LENGTH.test(key) && key.endsWith('_ms')) return [`${path} is ${value} ms, more than ten years`];
    return [];
  }
  if (Array.isArray(value)) return value.flatMap((one, i) => badNumbers(one, `${path}[${i}]`));
  if (value !== null && typeof value === 'object') return Object.entries(value).flatMap(([key, one]) => badNumbers(one, `${path}.${key}`));
  return [];
}
