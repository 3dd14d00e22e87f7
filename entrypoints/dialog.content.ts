import { defineContentScript } from 'wxt/utils/define-content-script';
import { openDialog } from '../components/dialog/open.tsx';
import type { OpenDialog } from '../utils/domain/hold-list.ts';
import { speak } from '../utils/domain/words.ts';
import { offerDialog } from '../utils/platform/dialog-slot.ts';
import { browserLanguage } from '../utils/platform/language.ts';

/** Comes into a dashboard page on its first held request, and not before. */
export default defineContentScript({
  registration: 'runtime',
  matches: [],
  main() {
    speak(browserLanguage());
    offerDialog<OpenDialog>(openDialog);
  },
});
