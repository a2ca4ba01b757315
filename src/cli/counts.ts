import { InvalidArgumentError } from '@commander-js/extra-typings';

/** How often something is to be done. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
  return Number(text);
}
