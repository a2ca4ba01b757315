import { type Asked, adapterChooser } from './adapters.ts';
import { nonceOf } from './nonce.ts';
import type { Target } from './target.ts';

/** @returns a function of the stage, the number of the request, and its place in a closed loop (null in an open one) */
export function asking(target: Target, seed: number): (stage: string, index: number, place: number | null) => Asked {
  const choose = target.adapters === undefined ? undefined : adapterChooser(target.adapters, seed);
  return (stage, index, place) => ({
    ...choose?.(index, place),
    ...(target.hasNonce === true ? { nonce: nonceOf(`${target.run} ${stage}`, index) } : {}),
  });
}
