/** Something that may end a wait before its time, with the word for it. */
export interface Ender<W extends string> {
  readonly why: W;
  readonly when: Promise<unknown>;
}

/**
 * Waits so many seconds (for ever, if undefined), or until the first of the enders.
 * @returns 'time', or the word of what ended it; enders that are over already win over a wait of no time
 */
export async function waitFor<W extends string>(seconds: number | undefined, enders: readonly Ender<W>[]): Promise<W | 'time'> {
  let timer: NodeJS.Timeout | undefined;
  const ends = enders.map(({ why, when }) => when.then(() => why));
  const time = new Promise<'time'>(resolve => {
    // The timer also keeps Node alive while nothing else does; a wait without an end is one of its longest timers.
    timer = setTimeout(() => resolve('time'), seconds === undefined ? 2 ** 31 - 1 : seconds * 1000);
  });
  try {
    return await Promise.race([...ends, time]);
  } finally {
    clearTimeout(timer);
  }
}
