export interface Column {
  readonly index: number;
  /** The query field, in small letters, without the unit. */
  readonly name: string;
  /** As in the header's brackets; undefined if there is none. */
  readonly unit: string | undefined;
}

/** Takes a heading such as `power.draw [W]` apart. */
export const parseHeading = (heading: string, index: number): Column => {
  const bracket = heading.endsWith(']') ? heading.indexOf('[') : -1;
  const name = bracket < 0 ? heading : heading.slice(0, bracket);
  return { index, name: name.trim().toLowerCase(), unit: bracket < 0 ? undefined : heading.slice(bracket + 1, -1).trim() };
};
