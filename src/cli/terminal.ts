import picocolors from 'picocolors';
import { ForensicsError } from '#core/errors';
import { visible, visibleLines } from '#core/format/visible';

/** One end that text goes to. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal in characters. */
  readonly columns?: number | undefined;
}

/** What a command finds around it; tests put their own in place. */
export interface Io {
  /** What a person or a program reads. */
  readonly stdout: TextStream;
  /** Progress and warnings. */
  readonly stderr: TextStream;
  readonly env: NodeJS.ProcessEnv;
  /** Whether the process is the command's alone, which may then change the priority and the timers of it. */
  readonly ownsProcess: boolean;
}

type Colours = ReturnType<typeof picocolors.createColors>;

/** Where a command prints. */
export interface Terminal extends Io {
  /** Prints a line to stdout. */
  readonly say: (text: string) => void;
  /** Prints a line to stderr. */
  readonly tell: (text: string) => void;
  /**
   * Prints an expected failure as a sentence and a hint; anything else is a bug and keeps its stack.
   * @param help the command whose help a mistake in the command line refers to
   */
  readonly printFailure: (error: unknown, help?: string) => void;
  /** Colours of stdout. */
  readonly colours: Colours;
  /** The code that the command ends with, if it does not fail. */
  exitCode: number;
}

/** None when a stream is no terminal or NO_COLOR is set. (The library's own default colours whatever runs in CI.) */
const coloursOf = ({ isTTY }: TextStream, env: NodeJS.ProcessEnv): Colours =>
  picocolors.createColors(isTTY === true && env['NO_COLOR'] === undefined);

/** Names of traces, files and hosts stand in nearly all that is printed; none may act on the terminal. */
export function terminalOn(io: Io): Terminal {
  const onStderr = coloursOf(io.stderr, io.env);
  return {
    ...io,
    say: text => {
      io.stdout.write(`${visibleLines(text)}\n`);
    },
    tell: text => {
      io.stderr.write(`${onStderr.dim(visibleLines(text))}\n`);
    },
    printFailure: (error, help) => {
      if (error instanceof ForensicsError) {
        const more = error.code === 'bad-argument' && help !== undefined ? ` (See \`${help}\`.)` : '';
        io.stderr.write(
          `${onStderr.red('error')} ${visible(error.message)}\n${onStderr.dim('      ')}${visible(error.hint)}${visible(more)}\n`,
        );
        return;
      }
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      io.stderr.write(`${onStderr.red('This is a bug in forensics.')} Please report it with the lines below.\n${visibleLines(stack)}\n`);
    },
    colours: coloursOf(io.stdout, io.env),
    exitCode: 0,
  };
}
