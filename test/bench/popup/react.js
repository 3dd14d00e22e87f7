import { createElement, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { Popup } from '../../../components/popup/popup.tsx';
import { actions, isSilent, now, shown, watchScreen } from '../../../utils/services/screen.ts';

/** The popup as entrypoints/popup/main.tsx starts it, by React. */
function App() {
  const overview = useSyncExternalStore(shown.subscribe, shown.read);
  const at = useSyncExternalStore(now.subscribe, now.read);
  const silent = useSyncExternalStore(isSilent.subscribe, isSilent.read);
  return createElement(Popup, { overview, now: at, actions, isSilent: silent });
}

void watchScreen('app_name').then(() => createRoot(document.getElementById('app')).render(createElement(App)));
