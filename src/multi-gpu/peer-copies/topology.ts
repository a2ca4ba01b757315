/** How two GPUs are joined, from `nvidia-smi topo -m`: NV18, PIX, SYS, ...; undefined where the text does not say. */
export function linkBetween(topology: string | null | undefined, source: string, destination: string): string | undefined {
  const nameOf = (label: string) => `GPU${/\d+$/.exec(label)?.[0] ?? ''}`;
  const cells = (topology ?? '').split('\n').map(line => line.split('\t').map(c => c.trim()));
  const header = cells.find(c => c.filter(x => /^GPU\d+$/.test(x)).length > 0 && c[0] === '');
  const row = cells.find(c => c[0] === nameOf(source) && c !== header);
  const column = header?.indexOf(nameOf(destination)) ?? -1;
  const link = column > 0 ? row?.[column] : undefined;
  return link === undefined || link === '' || link === 'X' ? undefined : link;
}

/** What is known of the machine that a trace was made on: parts of system.json. */
export interface Links {
  readonly topology?: string | null;
  readonly gpus?: readonly { readonly pcie_gen_max: number | null; readonly pcie_width_max: number | null }[] | null;
  readonly nvlink?: readonly { readonly gpu: number; readonly active: number; readonly slowest_gb_s: number | null }[] | null;
}

/** What the NVLinks of a GPU carry one way, GB/s, by what nvidia-smi says of the active ones. */
export function nvlinkGbps(links: Links | undefined, label: string): number | undefined {
  const gpu = Number(/\d+$/.exec(label)?.[0] ?? -1);
  const found = links?.nvlink?.find(l => l.gpu === gpu);
  return found === undefined || found.slowest_gb_s === null || found.active === 0 ? undefined : found.active * found.slowest_gb_s;
}

/** Transfers a second of one lane by generation, GT/s; a byte takes 8 bits, and what encoding takes is left out: this is an upper limit. */
const GIGATRANSFERS = [0, 2.5, 5, 8, 16, 32, 64];
/** PCIe 5.0 with 16 lanes, GB/s one way, raw: the fastest there is beside today's GPUs. */
const FASTEST_PCIE_GBPS = 64;

/** What PCIe can carry at most, one way. */
export function pcieGbps(links: Links | undefined): number {
  const known = (links?.gpus ?? []).flatMap(g =>
    g.pcie_gen_max === null || g.pcie_width_max === null ? [] : [((GIGATRANSFERS[g.pcie_gen_max] ?? 32) * g.pcie_width_max) / 8],
  );
  return known.length === 0 ? FASTEST_PCIE_GBPS : Math.max(...known);
}
