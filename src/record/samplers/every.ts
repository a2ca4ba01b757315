/**
 * Calls `tick` at fixed times. A late call does not shift those after it, and one that was missed is not made up for.
 * @returns stops it
 */
export function every(intervalMs: number, tick: () => void): () => void {
  const origin = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const plan = (last: number) => {
    const next = Math.max(last + 1, Math.ceil((performance.now() - origin) / intervalMs));
    timer = setTimeout(
      () => {
        tick();
        if (!stopped) plan(next);
      },
      origin + next * intervalMs - performance.now(),
    );
  };
  plan(0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
