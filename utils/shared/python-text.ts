const TOKEN = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\b(None|True|False)\b/gs;
const WORDS: Readonly<Record<string, string>> = { None: 'null', True: 'true', False: 'false' };
const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** What Python prints of a dict, a list or bytes, as JSON; any other text as it stands. */
export function pythonToJson(text: string): string {
  const [, , bytes] = /^b(['"])(.*)\1$/s.exec(text) ?? [];
  if (bytes !== undefined) return unescaped(bytes);
  if (!/^[{[]/.test(text)) return text;
  return text.replace(TOKEN, (_, single: string | undefined, double: string | undefined, word = '') =>
    single === undefined && double === undefined
      ? (WORDS[word] ?? word)
      : JSON.stringify(unescaped(single ?? double ?? '')),
  );
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gis, (_, byte, unit, letter = '') =>
    letter === '' ? String.fromCharCode(Number.parseInt(byte ?? unit, 16)) : (LETTERS[letter] ?? letter),
  );
}
