import messages from '../../public/_locales/en/messages.json' with { type: 'json' };
import { languageOf, speak } from '../../utils/domain/base/words.ts';

/** What a command says, it says in English. */
export function speakEnglish(): void {
  speak(languageOf('en-IN', messages));
}
