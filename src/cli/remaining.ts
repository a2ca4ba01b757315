import type { Ms, Share } from '#core/units';

/** Before so much time has gone, what is left is a guess. */
const SURE_AFTER_MS = 2000;

/** About how long something takes: 40 s, 12 min, 3 h. */
export const lengthOf = (ms: Ms): string => {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};

/** How much of some work is done, and about how long the rest takes if it goes on as it went: "23 %, about 9 s left". */
export function remainingWords(done: Share, elapsed: Ms): string {
  const percent = `${Math.floor(Math.min(1, done) * 100)} %`;
  return done > 0 && done < 1 && elapsed >= SURE_AFTER_MS ? `${percent}, about ${lengthOf((elapsed * (1 - done)) / done)} left` : percent;
}
