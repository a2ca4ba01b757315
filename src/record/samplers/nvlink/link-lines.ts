// Format: `nvidia-smi nvlink`, whose lines are "GPU 0: name (UUID: …)" and, below each, "Link 0: label: value" or "Link 0: value".

/** One line of `nvidia-smi nvlink` about one link. */
export interface LinkLine {
  readonly gpu: number;
  readonly link: number;
  /** `Replay Errors`; undefined for a state such as `26.562 GB/s` or `<inactive>`. */
  readonly label: string | undefined;
  readonly value: string;
}

/** All lines about links; others are passed over. */
export function linkLines(text: string): LinkLine[] {
  const lines: LinkLine[] = [];
  let gpu: number | undefined;
  for (const line of text.split('\n')) {
    const heading = /^\s*GPU (\d+):/.exec(line)?.[1];
    if (heading !== undefined) gpu = Number(heading);
    const [, link, label, value] = /^\s*Link (\d+): *(?:([A-Za-z][^:]*): *)?(.*?)\s*$/.exec(line) ?? [];
    if (gpu !== undefined && link !== undefined && value !== undefined) lines.push({ gpu, link: Number(link), label, value });
  }
  return lines;
}
