import { z } from '../../../utils/shared/schema.ts';
import { hasTypographicQuotes, invisibleIn } from './dot-env/invisible.ts';
import { hasEntity, hasMark, hasName, isPlaceholder, isQuoted, isReference, isUrlEncoded } from './pasted.ts';

const SHORTEST_PASSWORD = 8;

/** True for what keys are made of. A character that nobody sees is named by itself. */
function isTyped(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value) || invisibleIn(value) !== null;
}

/** A value of the person, no example's. */
export const own = z.refine<string>(
  (value) => !isPlaceholder(value),
  'still holds a placeholder: put your own value there',
);
// A secret that was made by `echo` ends in a line break, which no form can send.
const oneLine = z.refine<string>((value) => !/[\t\r\n]/.test(value), 'holds a line break or a tab: take it away');
const isInQuotes = (value: string) => isQuoted(value) || hasTypographicQuotes(value);
const unquoted = z.refine<string>((value) => !isInQuotes(value), 'is in quotes, which are not part of it: remove them');

export const Key = z.optional(
  z.string().check(
    z.maxLength(200),
    own,
    unquoted,
    z.refine(
      (value) => isInQuotes(value) || !hasMark(value),
      'begins with a quote, or ends with a quote, a comma or a semicolon, which no key has: take it away',
    ),
    z.refine((value) => !isReference(value), 'names a place where the key is: put the key itself there'),
    z.refine((value) => !hasName(value), 'begins with its own name: put the key alone there'),
    z.refine(
      (value) => !hasEntity(value),
      'stands as in the source of a page, like &amp; for &: write it as the broker shows it',
    ),
    z.refine(
      (value) => !isUrlEncoded(value),
      'is encoded as it stands in an address, like %2B for +: write it as the broker shows it',
    ),
    z.refine(
      (value) => isPlaceholder(value) || isInQuotes(value) || isTyped(value),
      'holds a letter or sign that no key has, though it may look like one: type it anew',
    ),
  ),
);
/** Whoever reads the guides knows a password that was copied out of them. */
export const Password = z.string().check(
  z.refine(
    (value) => value.trim().length >= SHORTEST_PASSWORD,
    `must be at least ${SHORTEST_PASSWORD} characters long`,
  ),
  z.maxLength(200),
  own,
  unquoted,
  oneLine,
);

/** The path of a file or a folder. What a shell would fill in is filled in by nobody here. */
export const Place = z.string().check(
  z.maxLength(500),
  unquoted,
  oneLine,
  z.refine((value) => value.trim() === value, 'begins or ends with a blank: take it away'),
  z.refine(
    (value) => !/^~(?:[\w-]*\/|$)|\$\w|\$\{|%\w+%/.test(value),
    'holds ~, $ or %, which only a shell fills in: write the whole path',
  ),
);
