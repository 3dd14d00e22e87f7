import { render } from 'preact';
import { Options } from '../../components/options.tsx';
import { actions, shown, watchScreen } from '../../utils/services/screen.ts';

function App() {
  return <Options overview={shown.value} actions={actions} />;
}

void watchScreen().then(() => render(<App />, document.getElementById('app') ?? document.body));
