/** True where the page itself is dark, whatever the system's preference: a white box on a dark order screen blinds. */
export function isDarkPage(): boolean {
  for (const element of [document.body, document.documentElement]) {
    const colour = element && rgb(getComputedStyle(element).backgroundColor);
    if (colour && colour.alpha > 0.5) return colour.light < 0.5;
  }
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  return scheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches;
}

function rgb(text: string): { light: number; alpha: number } | null {
  const [red, green, blue, alpha = 1] = (/^rgba?\((.*)\)$/.exec(text)?.[1] ?? '').split(/[\s,/]+/).map(Number);
  if (red === undefined || green === undefined || blue === undefined) return null;
  return { light: (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255, alpha };
}
