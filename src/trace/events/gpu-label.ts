/** The number in a GPU's label (`GPU 3`), as the telemetry numbers it; 0 where it has none. */
export const gpuNumber = (label: string): number => Number(/\d+$/.exec(label)?.[0] ?? '0');
