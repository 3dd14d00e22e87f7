import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { openDialog } from '../components/dialog/open.tsx';
import { speak } from '../utils/domain/base/words.ts';
import type { OpenDialog } from '../utils/domain/hold/hold-list.ts';
import { offerDialog } from '../utils/hold/isolated/dialog-slot.ts';
import { browserLanguage } from '../utils/platform/runtime/language.ts';

/** Comes into a dashboard page on its first held request, and not before. */
export default defineUnlistedScript(() => {
  speak(browserLanguage());
  offerDialog<OpenDialog>(openDialog);
});
