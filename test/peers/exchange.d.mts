/** The text of an example's file, with an exchange where it leaves one to you. */
export function withExchange(path: string): string;
