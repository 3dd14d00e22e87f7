import { type ComponentChildren, render } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Group, State } from './group.ts';

/** In the place of a state's name: the few that stand for all. */
const FEW = 'few';

/** One state in a tree of its own: ids, and styles that were made for a page alone, meet no other's. */
function Frame({ name, state, group, width }: { name: string; state: State; group: Group; width: number }) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!host.current) return;
    const root = host.current.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = group.css === undefined ? [pageSheet(), fontSheet()] : [sheetOf(group.css), fontSheet()];
    const { around = (one) => one } = group;
    render(around(state.view()) as Parameters<typeof render>[0], root);
    state.after?.(root);
  }, []);
  return (
    <figure class="gallery-frame" style={{ width: `${width}px` }}>
      <figcaption>{name}</figcaption>
      <div class="gallery-state" data-state={name} ref={host} />
    </figure>
  );
}

/** All states of a group, its few, or the one that was asked for. */
export function Frames({ group, only }: { group: Group; only: string | null }): ComponentChildren {
  const { states, few, width = 360 } = group;
  const isShown = (name: string) => only === null || only === name || (only === FEW && few.includes(name));
  return (
    <div class="gallery-frames">
      {Object.entries(states)
        .filter(([name]) => isShown(name))
        .map(([name, state]) => (
          <Frame key={name} name={name} state={state} group={group} width={width} />
        ))}
    </div>
  );
}

const isFace = (rule: CSSRule) => rule instanceof CSSFontFaceRule;
const FONTS = `* { animation: none !important; transition: none !important; caret-color: transparent !important;
  font-family: var(--gallery-font) !important; }
code, textarea, pre { font-family: var(--gallery-mono) !important; }`;

function fontSheet(): CSSStyleSheet {
  return sheetOf(FONTS);
}

/** The styles of our pages, as the build put them into this one. */
function pageSheet(): CSSStyleSheet {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  return sheetOf(
    rules
      .filter((rule) => !isFace(rule))
      .map((rule) => rule.cssText)
      .join('\n'),
  );
}

function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
