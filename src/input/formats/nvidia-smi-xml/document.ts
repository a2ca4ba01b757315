import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { badRecord, quote } from '#input/text/bad-record';

/** An element is text, or elements by name; one that occurs several times is a list. */
export type Element = string | readonly Element[] | { readonly [name: string]: Element };
const Element: z.ZodType<Element> = z.lazy(() => z.union([z.string(), z.array(Element), z.record(z.string(), Element)]));

const Log = z.object({
  nvidia_smi_log: z.object({
    timestamp: z.string().optional(),
    driver_version: z.string().optional(),
    cuda_version: z.string().optional(),
    attached_gpus: z.string().optional(),
    gpu: z.array(Element).default([]),
  }),
});
export type Log = z.infer<typeof Log>['nvidia_smi_log'];

const HINT = 'Give one whole document, as nvidia-smi -q -x wrote it.';
/** The real files are 6 deep; this many levels would only exhaust the stack. */
const DEEPEST = 50;

/** @throws ForensicsError 'bad-record' for what is no whole XML document of nvidia-smi */
export const readLog = (xml: string, source: string): Log => {
  try {
    const text = xml.replace(/^\ufeff/, '').trim();
    if (!text.endsWith('</nvidia_smi_log>')) throw badRecord({ source }, 'the document is cut off, or more follows after its end', HINT);
    const valid = XMLValidator.validate(text);
    if (valid !== true) throw badRecord({ source, line: valid.err.line }, `it is not a whole XML document (${clean(valid.err.msg)})`, HINT);
    const parser = new XMLParser({
      parseTagValue: false,
      ignoreDeclaration: true,
      maxNestedTags: DEEPEST,
      isArray: name => name === 'gpu',
    });
    const log = Log.safeParse(parser.parse(text));
    if (log.success) return log.data.nvidia_smi_log;
    const [issue] = log.error.issues;
    throw badRecord({ source, field: issue?.path.join('.') ?? '' }, 'it is not as nvidia-smi writes it', HINT);
  } catch (error) {
    if (error instanceof Error && error.name === 'ForensicsError') throw error;
    throw badRecord({ source }, `it is not an XML document (${quote(error instanceof Error ? error.message : '')})`, HINT);
  }
};

/** The parser quotes what it stumbled over, however long that is. */
const MOST_QUOTED = 120;
const clean = (message: string): string => {
  const line = message.replace(/\.$/, '').replaceAll(/\s+/g, ' ');
  return line.length <= MOST_QUOTED ? line : `${line.slice(0, MOST_QUOTED)}…`;
};
