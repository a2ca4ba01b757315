import { exactStatement, type Frame, type Quantity, type Statement } from '../statement.ts';

/** Makes statements about one thing of one file, each with the field that it stands in. Fields that are null make none. */
export interface Teller {
  tell(quantity: Quantity, value: number | null, path: string, more?: Parameters<typeof exactStatement>[3]): void;
  readonly statements: Statement[];
}

/** @param parts of the file, from the run inwards, unique in it; `subject` is what a reader calls it */
export function tellerOf(file: string, parts: readonly string[], subject: string, sweep: string | null = null): Teller {
  const statements: Statement[] = [];
  const frame = (path: string): Frame => ({
    subject,
    role: 'result',
    scope: [file, ...parts],
    sweep,
    source: { file, line: null, path },
  });
  return {
    statements,
    tell(quantity, value, path, more) {
      if (value !== null && Number.isFinite(value)) statements.push(exactStatement(frame(path), quantity, value, more));
    },
  };
}
