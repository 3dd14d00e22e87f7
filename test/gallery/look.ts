import english from '../../public/_locales/en/messages.json';
import hindi from '../../public/_locales/hi/messages.json';
import { languageOf, speak } from '../../utils/domain/base/words.ts';

const LANGUAGES = { en: english, hi: hindi };

/** How the gallery is looked at: which group, all states of it or one or the few, in which theme and language. */
export interface Look {
  group: string | null;
  state: string | null;
  theme: 'light' | 'dark';
  lang: keyof typeof LANGUAGES;
}

/** What an address asks for. */
export function lookOf(search: string): Look {
  const query = new URLSearchParams(search);
  return {
    group: query.get('group'),
    state: query.get('state'),
    theme: query.get('theme') === 'dark' ? 'dark' : 'light',
    lang: query.get('lang') === 'hi' ? 'hi' : 'en',
  };
}

/** The address of a look. */
export function addressOf(look: Look): string {
  const set = Object.entries(look).filter(([, value]) => value !== null);
  return `?${new URLSearchParams(Object.fromEntries(set))}`;
}

/** Speaks the language and wears the theme, whatever those of the browser are. */
export function wear({ theme, lang }: Look): void {
  speak(languageOf(LANGUAGES[lang].app_language.message, LANGUAGES[lang]));
  document.documentElement.lang = lang;
  document.documentElement.dataset.theme = theme;
  document.documentElement.style.colorScheme = theme;
}
