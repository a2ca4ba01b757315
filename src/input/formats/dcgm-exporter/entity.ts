import { getOrCompute } from '#core/get-or-compute';
import { drawWindow } from '#input/series/power-window';
import { cardOf, type GpuCard, uuidOf } from '#schema/gpu-card';

type Labels = ReadonlyMap<string, string>;

/** What a card draws, it draws once: each of its MIG instances repeats it (NVIDIA/dcgm-exporter#257). */
const OF_THE_CARD = /^DCGM_FI_DEV_(?:POWER_\w{1,40}|ENFORCED_POWER_LIMIT|TOTAL_ENERGY_CONSUMPTION)$/;

/** Whether a sample repeats for a MIG instance what holds for its card. */
export const repeatsCard = (metric: string, labels: Labels): boolean => labels.has('GPU_I_ID') && OF_THE_CARD.test(metric);

/** Names of what is sampled: numbers only, nothing that names a machine, a pod or a piece of hardware. */
export class Entities {
  /** What is told of each GPU, by its name. */
  readonly cards = new Map<string, GpuCard>();
  /** Of each number: the UUIDs (or machines) that it stood for, in the order in which they appear. */
  readonly #owners = new Map<string, string[]>();

  /** The name of what a sample of `metric` is of. A number that stands for a second GPU is one of another machine. */
  nameOf(metric: string, labels: Labels): string {
    const parts = [
      ...part(labels, 'gpu', 'GPU'),
      ...(OF_THE_CARD.test(metric) ? [] : part(labels, 'GPU_I_ID', 'MIG')),
      ...part(labels, 'nvswitch', 'NVSwitch'),
      ...part(labels, 'cpu', 'CPU'),
      ...part(labels, 'nvlink', 'link'),
    ];
    const machine = this.#machineOf(labels, parts[0] ?? 'machine');
    const name = [...(parts.length === 0 ? ['machine'] : parts), ...(machine === 1 ? [] : [`of machine ${machine}`])].join(' ');
    if (parts.length === 1 && labels.has('gpu')) this.#note(name, metric, labels);
    return name;
  }

  /** Counted for each number by itself: which machine a lone number belongs to is not needed. */
  #machineOf(labels: Labels, thing: string): number {
    const owner = (thing.startsWith('GPU') ? uuidOf(labels.get('UUID')) : null) ?? labels.get('Hostname') ?? '';
    const owners = getOrCompute(this.#owners, thing, () => []);
    if (!owners.includes(owner)) owners.push(owner);
    return owners.indexOf(owner) + 1;
  }

  #note(name: string, metric: string, labels: Labels): void {
    const known = this.cards.get(name);
    const window = metric === 'DCGM_FI_DEV_POWER_USAGE' ? drawWindow(labels.get('modelName') ?? null) : (known?.power_window_s ?? null);
    if (known !== undefined && known.power_window_s === window) return;
    this.cards.set(
      name,
      cardOf({
        uuid: labels.get('UUID') ?? null,
        bus: labels.get('pci_bus_id') ?? null,
        host: labels.get('Hostname') ?? null,
        power_window_s: window,
      }),
    );
  }
}

const part = (labels: Labels, label: string, name: string): readonly string[] => {
  const value = labels.get(label);
  return value !== undefined && /^\d{1,6}$/.test(value) ? [`${name} ${value}`] : [];
};
