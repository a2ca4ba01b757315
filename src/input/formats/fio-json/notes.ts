import { head, pieces, type Text } from '#input/text/text';

const SEARCHED = 64 * 1024;

/** The document alone: fio writes notes ("note: both iodepth >= 1 and synchronous I/O engine are selected") before it, into the same file. */
export const withoutNotes = (text: Text): Text => {
  const open = head(text, SEARCHED).search(/^\{[ \t\r]*$/m);
  if (open <= 0) return text;
  let skip = open;
  return [...pieces(text)].map(piece => {
    const rest = piece.slice(skip);
    skip = Math.max(0, skip - piece.length);
    return rest;
  });
};
