import type { Language } from '../domain/words.ts';
import { browser } from './browser.ts';

/** The browser's own language, as far as `_locales` has it; English otherwise. */
export function browserLanguage(): Language {
  const { i18n } = browser;
  return { tag: i18n.getMessage('app_language'), sentence: (word, values) => i18n.getMessage(word, values) };
}
