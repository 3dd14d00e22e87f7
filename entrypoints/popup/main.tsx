import { render } from 'preact';
import { Popup } from '../../components/popup/popup.tsx';
import { actions, isSilent, now, shown, watchScreen } from '../../utils/services/screen.ts';

function App() {
  return <Popup overview={shown.value} now={now.value} actions={actions} isSilent={isSilent.value} />;
}

void watchScreen('app_name').then(() => render(<App />, document.getElementById('app') ?? document.body));
