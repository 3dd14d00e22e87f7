import { withoutComments } from './architecture.ts';

const LITERAL = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;
// A quote in one pairs with none outside.
const PATTERN = /(?<=[=(,:!&|?]\s*|return\s+)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;
// What an error says is a bug's word to whoever mends it.
const THROWN = /new Error\(\s*$/;
/** What a control is called needs one word alone. */
const NAMED = /\b(?:label|title|hint|placeholder|alt|aria-label)="([^"]*\p{L}[^"]*)"/gu;
/** Text between two tags, or beside a value; `}` also ends blocks of code, whose next words are keywords. */
const BETWEEN_TAGS = /(?:(?<=[\w"'}/])>|^\s*>|\})([^<>{}()=;:'"`]*\p{L}{2}[^<>{}()=;:'"`]*)(?=<\/?\w|\{|$)/gmu;
const CODE =
  /^\s*(?:else|catch|finally|from|as|satisfies|export|interface|function|const|type|async|import|if|return)\b|,$|^noValidate$/;

/** The English that a file has in its code and not in a message file: whole sentences, phrases and what stands in a tag. */
export function sentencesIn(path: string, text: string): string[] {
  const code = withoutComments(text.replaceAll(PATTERN, '0'));
  const literals = [...code.matchAll(LITERAL)]
    .filter(({ index }) => !THROWN.test(code.slice(0, index)))
    .map(([, one, two, three]) => (one ?? two ?? three ?? '').replaceAll(/\$\{[^}]*\}/g, '$'))
    .filter(isSentence);
  if (!path.endsWith('.tsx')) return literals;
  const named = [...code.matchAll(NAMED)].map(([, said = '']) => said);
  const between = [...code.matchAll(BETWEEN_TAGS)].map(([, said = '']) => said.trim());
  return [...new Set([...literals, ...named, ...between.filter((said) => !CODE.test(said))])];
}

/** Two words with a capital in front, or three without one: fewer are names of ours, as classes are. */
function isSentence(text: string): boolean {
  return /^\p{Lu}\S*\s+\S*\p{L}{2}/u.test(text) || /\p{L}{2}[^\s]*\s+[^\s]*\p{L}[^\s]*\s+[^\s]*\p{L}{2}/u.test(text);
}
