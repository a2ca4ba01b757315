/** What one question to the machine brought: a text, or why there is none. */
export type Told = { readonly what: string } & ({ readonly text: string } | { readonly why: string });
