const QUIET_FRAMES = 8;

/** Until nothing has changed for some frames in any of the states: effects, and what they ask for, come after the first drawing. */
export async function settled(states: Iterable<Element>): Promise<void> {
  const roots = [...states].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  let quiet = 0;
  const watch = new MutationObserver(() => {
    quiet = 0;
  });
  for (const root of roots)
    watch.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  while (quiet < QUIET_FRAMES) {
    await new Promise((drawn) => requestAnimationFrame(drawn));
    quiet++;
  }
  watch.disconnect();
  await Promise.all(roots.flatMap((root) => [...root.querySelectorAll('img')].map((image) => image.decode())));
}
