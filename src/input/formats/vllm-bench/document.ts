import { topScalars } from '#input/text/json-scalars';
import type { Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { type Detail, readDetails } from './columns.ts';
import { Run } from './fields.ts';
import { checkOwnMeans } from './own-means.ts';

/** One result of vLLM. */
export interface Document {
  readonly run: Run;
  /** What stands at the top of it, by the names of the fields. */
  readonly scalars: Readonly<Record<string, unknown>>;
  /** Empty where it was written without --save-detailed. */
  readonly details: readonly Detail[];
  readonly warnings: readonly string[];
}

export const HINT = 'Give the file as `vllm bench serve --save-result` wrote it.';

/** @throws ForensicsError 'bad-record' for what is no such document */
export const readDocument = (text: Text, source: string): Document => {
  const cut = new WarningCounter('document');
  const odd = new WarningCounter('request');
  const details = readDetails(text, source, cut, odd);
  const scalars = topScalars(text, source, cut);
  checkOwnMeans(scalars, details, cut);
  return { run: validate(Run, scalars, { source }, HINT), scalars, details, warnings: [...cut.sentences(), ...odd.sentences()] };
};

/** Whether it tells when its requests began, so that they can be placed. */
export const hasStarts = ({ details }: Document): boolean => details.some(({ start }) => start !== undefined && start > 0);
