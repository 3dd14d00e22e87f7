import type { Language } from '../../domain/base/words.ts';

/** The browser's own language, as far as `_locales` has it; English otherwise. Firefox too has this under `chrome`: no polyfill is needed in a page. */
export function browserLanguage(): Language {
  const { i18n } = chrome;
  return { tag: i18n.getMessage('app_language'), sentence: (word, values) => i18n.getMessage(word, values) };
}
