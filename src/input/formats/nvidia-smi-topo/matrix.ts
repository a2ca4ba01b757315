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

const AFFINITY = 'CPU Affinity|NUMA Affinity|GPU NUMA ID';
const LINK = 'NV\\d{1,2}|PIX|PXB|PHB|NODE|SYS|X';
/** Cells between which a tab is lost, as in text that was pasted into an issue; what they are called tells them apart. */
const GLUED_LINKS = new RegExp(`^(?:(?:${LINK})\\s?){2,}$`);
const GLUED_AFFINITY = /^(PIX|PXB|PHB|NODE|SYS|X) ?(\d[\d,-]*)$/;
const IS_AFFINITY = new RegExp(`^(?:${AFFINITY})$`);
const GLUED_HEADING = new RegExp(`^((?:GPU|NIC)\\d+)(${AFFINITY})$`);

/** The cells of a line that are not empty: tabs are doubled before some columns, and terminals turn them into spaces. */
const rawCells = (line: string): string[] =>
  line
    .replace(ANSI, '')
    .replace(/^\ufeff/, '')
    .split(/\t| {2,}|\r/)
    .map(cell => cell.trim())
    .filter(cell => cell !== '');

const parted = (cell: string): readonly string[] => {
  if (GLUED_LINKS.test(cell)) return cell.match(new RegExp(LINK, 'g')) ?? [cell];
  const [, first, second] = GLUED_AFFINITY.exec(cell) ?? GLUED_HEADING.exec(cell) ?? [];
  return first === undefined || second === undefined ? [cell] : [first, second];
};

/** The cells of a line, those between which a tab is lost parted again. */
export const splitCells = (line: string): string[] => rawCells(line).flatMap(parted);

/** Whether a tab is lost in a line. */
export const isGlued = (line: string): boolean => rawCells(line).some(cell => parted(cell).length > 1);

/** A line that names devices, and after them nothing but affinities. */
export const readHeader = (cells: readonly string[]): Header | undefined => {
  const at = cells.findIndex(cell => !DEVICE.test(cell));
  const count = at < 0 ? cells.length : at;
  const affinities = cells.slice(count);
  if (cells[0] !== 'GPU0' || !affinities.every(cell => IS_AFFINITY.test(cell))) return undefined;
  return { devices: cells.slice(0, count), affinities };
};
