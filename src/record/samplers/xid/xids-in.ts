/** An error that the NVIDIA driver reported to the kernel's log, without its text, which may name processes. */
export interface Xid {
  readonly pci: string;
  readonly xid: number;
}

/** `NVRM: Xid (PCI:0000:9b:00): 119, pid=…`, anywhere in a line. */
const XID = /NVRM: Xid \(PCI:([\da-f:.]+)\): (\d+)/i;

/** The Xid that a line of the kernel's log reports, if any. */
export const xidIn = (line: string): Xid | undefined => {
  const [, pci, xid] = XID.exec(line) ?? [];
  return pci === undefined || xid === undefined ? undefined : { pci: pci.toLowerCase(), xid: Number(xid) };
};
