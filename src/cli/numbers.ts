import { InvalidArgumentError } from '@commander-js/extra-typings';

/** A number of an option, in any notation that JavaScript reads. */
export const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
};

/** A price, US dollars. */
export const price = (text: string): number => {
  const value = number(text);
  if (value < 0) throw new InvalidArgumentError('A price is not negative.');
  return value;
};

/** What a building draws over what its machines draw. */
export const pue = (text: string): number => {
  const value = number(text);
  if (value < 1) throw new InvalidArgumentError('Power usage effectiveness is 1 or more.');
  return value;
};

/** So many of something, more than none. */
export const positive = (text: string): number => {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError('It must be more than 0.');
  return value;
};
