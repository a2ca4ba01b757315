/** What a number that is none looks like in a sentence, and an object that nobody worded. "Never NaN" is advice. */
const NO_NUMBER = /(?<![\w."'/\\-]|never )(-?Infinity|NaN|undefined|\[object \w+\])(?![\w"'/\\])/;

/** @param planted what the mutant itself holds, which may be quoted */
export function badText(where: string, text: string, planted: string): readonly string[] {
  const found = NO_NUMBER.exec(text)?.[1];
  if (found === undefined || planted.includes(found)) return [];
  const line = text.split('\n').find(l => NO_NUMBER.test(l)) ?? '';
  return [`${where} says ${found}: ${line.trim().slice(0, 200)}`];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Characters that a terminal would act on. */
export function rawControl(where: string, text: string): readonly string[] {
  const found = CONTROL.exec(text);
  if (found === null) return [];
  const code = found[0].codePointAt(0)?.toString(16).padStart(4, '0');
  return [`${where} holds U+${code} as it is: ${JSON.stringify(text.slice(Math.max(0, found.index - 60), found.index + 20))}`];
}

/** A sentence is one line that is not endless; a hint may list all formats that are known. */
const LONGEST = { sentence: 1500, hint: 5000 };

/** An error is a sentence that says what and where, and a hint that says what to do. */
export function badError(sentence: string, hint: string): readonly string[] {
  return [
    ...(sentence.trim().length >= 8 && sentence.length <= LONGEST.sentence && !sentence.includes('\n')
      ? []
      : [`an error that is no sentence: ${JSON.stringify(sentence.slice(0, 300))}`]),
    ...(/^[A-Z`][^\n]*[.)!?]$/.test(hint) && hint.length <= LONGEST.hint
      ? []
      : [`a hint that is no sentence: ${JSON.stringify(hint.slice(0, 300))}`]),
  ];
}
