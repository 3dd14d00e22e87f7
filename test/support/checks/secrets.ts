import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What must not be found, each under a name that may be printed. */
export type Secrets = ReadonlyMap<string, string>;

/** The names of the secrets that a text holds in any spelling a program might give them. */
export function findSecrets(secrets: Secrets, text: string): string[] {
  return [...secrets].filter(([, secret]) => spellings(secret).some((one) => text.includes(one))).map(([name]) => name);
}

/** The same over all files under a folder, byte for byte: which secret is in which file. */
export function searchFolder(secrets: Secrets, folder: string): { secret: string; file: string }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .flatMap((path) =>
      findSecrets(secrets, readFileSync(path, 'latin1')).map((secret) => ({ secret, file: relative(folder, path) })),
    );
}

function spellings(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    // As browsers keep text that is not all Latin.
    Buffer.from(secret, 'utf16le').toString('latin1'),
    Buffer.from(secret).toString('hex'),
    ...[0, 1, 2].map((before) => base64Within(secret, before)),
  ];
}

/** How a secret looks inside the base64 of a longer text, `before` being how many bytes of a group of three stand before it. */
function base64Within(secret: string, before: number): string {
  const text = Buffer.from('x'.repeat(before) + secret).toString('base64');
  return text.slice(before === 0 ? 0 : 4, text.length - 4);
}
