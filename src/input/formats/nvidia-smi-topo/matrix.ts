/** What the header of the matrix names. */
export interface Header {
  /** GPU0, NIC0 and the like, in the order of the columns. */
  readonly devices: readonly string[];
  /** "CPU Affinity" and the like, which follow them. */
  readonly affinities: readonly string[];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: nvidia-smi underlines the header even where it writes to a file.
const ANSI = /\u001b\[[\d;]{0,20}m/g;
const DEVICE = /^(?:GPU|NIC|mlx\d+_|IBP|SW)\d+$/;

/** The cells of a line that are not empty: tabs are doubled before some columns, and terminals turn them into spaces. */
export const splitCells = (line: string): string[] =>
  line
    .replace(ANSI, '')
    .replace(/^\ufeff/, '')
    .split(/\t| {2,}|\r/)
    .map(cell => cell.trim())
    .filter(cell => cell !== '');

/** A line that names devices, and after them nothing but affinities. */
export const readHeader = (cells: readonly string[]): Header | undefined => {
  const at = cells.findIndex(cell => !DEVICE.test(cell));
  const count = at < 0 ? cells.length : at;
  const affinities = cells.slice(count);
  if (cells[0] !== 'GPU0' || !affinities.every(cell => /^(?:CPU Affinity|NUMA Affinity|GPU NUMA ID)$/.test(cell))) return undefined;
  return { devices: cells.slice(0, count), affinities };
};
