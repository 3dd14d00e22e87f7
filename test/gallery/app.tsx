import '@fontsource/noto-sans/devanagari-400.css';
import '@fontsource/noto-sans/latin-400.css';
import '@fontsource/noto-sans/devanagari-500.css';
import '@fontsource/noto-sans/latin-500.css';
import '@fontsource/noto-sans/devanagari-600.css';
import '@fontsource/noto-sans/latin-600.css';
import '@fontsource/noto-sans/devanagari-700.css';
import '@fontsource/noto-sans/latin-700.css';
import '@fontsource/noto-sans-mono/latin-400.css';
import '@fontsource/noto-sans-symbols-2/symbols-400.css';
import './gallery.css';
import { render } from 'preact';
import { Frames } from './frame.tsx';
import { GROUPS } from './groups.ts';
import { addressOf, type Look, lookOf, wear } from './look.ts';
import { settled } from './settled.ts';

const look = lookOf(location.search);
wear(look);
await Promise.all([...document.fonts].map((face) => face.load()));
render(<Gallery look={look} />, document.getElementById('gallery') ?? document.body);
await settled(document.querySelectorAll('.gallery-state'));
document.documentElement.dataset.ready = 'true';

function Gallery({ look }: { look: Look }) {
  const group = GROUPS.find(({ name }) => name === look.group);
  if (!group) return <Index look={look} />;
  document.title = `${group.title} – Opening Bell gallery`;
  return <Frames group={group} only={look.state} />;
}

/** Every group with its states, and the ways to look at them. */
function Index({ look }: { look: Look }) {
  return (
    <div class="gallery-index">
      <h1>Opening Bell gallery</h1>
      <p>
        {(['light', 'dark'] as const).map((theme) => (
          <a key={theme} href={addressOf({ ...look, theme })} aria-current={theme === look.theme ? 'true' : undefined}>
            {theme}
          </a>
        ))}
        {(['en', 'hi'] as const).map((lang) => (
          <a key={lang} href={addressOf({ ...look, lang })} aria-current={lang === look.lang ? 'true' : undefined}>
            {lang}
          </a>
        ))}
      </p>
      {GROUPS.map(({ name, title, states, pictured }) => (
        <section key={name} data-group={name} data-pictured={pictured}>
          <h2>
            <a href={addressOf({ ...look, group: name })}>{title}</a>
          </h2>
          <p>
            {Object.keys(states).map((state) => (
              <a key={state} href={addressOf({ ...look, group: name, state })}>
                {state}
              </a>
            ))}
          </p>
        </section>
      ))}
    </div>
  );
}
