import { setTimeout as sleep } from 'node:timers/promises';

const POLL_SECONDS = 0.5;

/** Resolves when a URL answers with a status below 400; never, if it never does. */
export async function answers(url: string, stopped: AbortSignal): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'manual' });
      await response.body?.cancel();
      if (response.status < 400) return;
    } catch {
      // Not listening yet.
    }
    if (stopped.aborted) return new Promise(() => {});
    await sleep(POLL_SECONDS * 1000, undefined, { ref: false });
  }
}
