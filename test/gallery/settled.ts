const QUIET_FRAMES = 8;

/** Until nothing has changed for some frames in any of the states: effects, and what they ask for, come after the first drawing. */
export async function settled(states: Iterable<Element>): Promise<void> {
  let quiet = 0;
  const watch = new MutationObserver(() => {
    quiet = 0;
  });
  for (const { shadowRoot } of states)
    if (shadowRoot)
      watch.observe(shadowRoot, { subtree: true, childList: true, attributes: true, characterData: true });
  while (quiet < QUIET_FRAMES) {
    await new Promise((drawn) => requestAnimationFrame(drawn));
    quiet++;
  }
  watch.disconnect();
}
