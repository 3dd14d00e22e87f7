import { render } from 'preact';
import { Captured } from '../../components/captured.tsx';
import { actions, now, shown, watchScreen } from '../../utils/services/screen.ts';

void actions.send({ type: 'captured-shown' });
const openedAt = Date.now();

function App() {
  return <Captured overview={shown.value} openedAt={openedAt} now={now.value} actions={actions} />;
}

void watchScreen('captured_title').then(() => render(<App />, document.getElementById('app') ?? document.body));
