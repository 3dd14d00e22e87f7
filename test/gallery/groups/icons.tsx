import app from '../../../public/icon.svg?inline';
import due from '../../../public/toolbar/due.svg?inline';
import idle from '../../../public/toolbar/idle.svg?inline';
import well from '../../../public/toolbar/well.svg?inline';
import wrong from '../../../public/toolbar/wrong.svg?inline';
import type { Tone } from '../../../utils/domain/view/tone.ts';
import type { Group, State } from '../group.ts';

const ICONS: Readonly<Record<Tone, string>> = { well, due, wrong, idle };
const SIZES = [16, 32];

/** The icon of every state on one toolbar, as it stands there, and on a screen with twice the pixels. */
const toolbar = (shade: 'light' | 'dark'): State => ({
  view: () => (
    <div class={`toolbar ${shade}`}>
      {SIZES.map((size) => (
        <p key={size}>
          {Object.entries(ICONS).map(([tone, icon]) => (
            <img key={tone} src={icon} alt={tone} width={size} height={size} />
          ))}
          <img src={app} alt="Opening Bell" width={size} height={size} />
        </p>
      ))}
    </div>
  ),
});

/** The toolbar button in each of its states, and the extension's own picture. */
export const icons: Group = {
  name: 'icons',
  title: 'Icons',
  few: ['on a light toolbar', 'on a dark toolbar'],
  width: 240,
  css: `.toolbar { display: grid; gap: 10px; padding: 10px; border-radius: 8px; }
.toolbar p { display: flex; gap: 12px; align-items: center; margin: 0; }
.light { background: #dee1e6; }
.dark { background: #35363a; }`,
  states: { 'on a light toolbar': toolbar('light'), 'on a dark toolbar': toolbar('dark') },
};
