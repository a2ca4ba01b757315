import { expect, test } from 'vitest';
import { columnsOption, guessColumns } from './guess.ts';

test('headings are guessed, each for one field', () => {
  const guess = guessColumns(['request_id,start_time,end_time,time_to_first_token,input_tokens,output_tokens,status_code\n']);
  expect(guess?.isWhole).toBe(true);
  expect(guess && columnsOption(guess)).toBe(
    'start=start_time,end=end_time,ttft=time_to_first_token,prompt_tokens=input_tokens,output_tokens=output_tokens,status=status_code,id=request_id',
  );
});
test('a table without start is no requests', () => expect(guessColumns(['power,clock\n1,2\n'])?.isWhole).toBe(false));
test.each(['{"a": 1}', 'hello', '1,2\n', ''])('%j has no headings', text => expect(guessColumns([text])).toBeUndefined());
