import { valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { JudgedRequest } from './requests.ts';

/** When tokens of a request arrived, ns. */
export function tokenTimesOf({ firstToken, end, row }: JudgedRequest): readonly Ns[] {
  if (firstToken === undefined) return [end];
  const out = [firstToken];
  for (const gap of row.itl_ms ?? []) out.push(valueAt(out, out.length - 1) + gap * 1e6);
  return out;
}
