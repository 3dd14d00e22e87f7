import { withoutComments } from './architecture.ts';

const LITERAL = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;
// What an error says is a bug's word to whoever mends it.
const THROWN = /new Error\(\s*$/;
/** What a control is called needs one word alone. */
const NAMED = /\b(?:label|title|hint|placeholder|alt|aria-label)="([^"]*\p{L}[^"]*)"/gu;
/** Text between two tags, or beside a value; `}` also ends blocks of code, whose next words are keywords. */
const BETWEEN_TAGS = /(?:(?<=[\w"'}/])>|^\s*>|\})([^<>{}()=;:'"`]*\p{L}{2}[^<>{}()=;:'"`]*)(?=<\/?\w|\{|$)/gmu;
const KEYWORDS =
  /^\s*(?:else|catch|finally|from|as|satisfies|export|interface|function|const|type|async|import|if|return)\b/;

/** The English that a file has in its code and not in a message file: whole sentences, phrases and what stands in a tag. */
export function sentencesIn(path: string, text: string): string[] {
  const code = withoutComments(text);
  const literals = [...code.matchAll(LITERAL)]
    .filter(({ index }) => !THROWN.test(code.slice(0, index)))
    .map(([, one, two, three]) => (one ?? two ?? three ?? '').replaceAll(/\$\{[^}]*\}/g, '$'))
    .filter(isSentence);
  if (!path.endsWith('.tsx')) return literals;
  const named = [...code.matchAll(NAMED)].map(([, said = '']) => said);
  const between = [...code.matchAll(BETWEEN_TAGS)].map(([, said = '']) => said.trim());
  return [...new Set([...literals, ...named, ...between.filter((said) => !KEYWORDS.test(said))])];
}

/** Two words with a capital in front, or three without one: fewer are names of ours, as classes are. */
function isSentence(text: string): boolean {
  return /^\p{Lu}\S*\s+\S*\p{L}{2}/u.test(text) || /\p{L}{2}[^\s]*\s+[^\s]*\p{L}[^\s]*\s+[^\s]*\p{L}{2}/u.test(text);
}
