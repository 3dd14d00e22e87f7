// A page that takes it away once may not know what it does; one that does so every time will not let it be.
const MOST_RESTORES = 3;

/**
 * Keeps an element at the end of the document as it was put there. A page that removes, moves or changes it has it put
 * back by `restore`; one that goes on is left alone, after `giveUp`. Gives the end of it.
 */
export function keepInPlace(host: Element, restore: () => void, giveUp: () => void): () => void {
  const attributes = textOf(host);
  let restored = 0;
  const isInPlace = () => host.parentNode === document.documentElement && textOf(host) === attributes;
  const observer = new MutationObserver(() => {
    watch();
    if (isInPlace()) return;
    restored += 1;
    if (restored > MOST_RESTORES) {
      observer.disconnect();
      giveUp();
      return;
    }
    for (const { name } of [...host.attributes]) host.removeAttribute(name);
    restore();
    // What was changed here just now is no deed of the page.
    observer.takeRecords();
  });

  function watch(): void {
    observer.observe(document, { childList: true });
    observer.observe(host, { attributes: true });
    // The root may be another one by now.
    if (document.documentElement !== null) observer.observe(document.documentElement, { childList: true });
  }

  watch();
  return () => observer.disconnect();
}

function textOf({ attributes }: Element): string {
  return [...attributes].map(({ name, value }) => `${name}=${value}`).join('\n');
}
