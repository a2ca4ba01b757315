/** A file that a person wrote, and the generator cannot use: the message says which, where and why, and needs no stack. */
export class BrokenInput extends Error {
  constructor(file: string, why: string) {
    super(`${file}: ${why}`);
    this.name = 'BrokenInput';
  }
}
