/** The way from one path of ours to another, which holds under whatever path a proxy has put us. */
export function pathTo(from: string, to: string): string {
  const depth = from.split('/').length - 2;
  return depth === 0 ? `.${to}` : `${'../'.repeat(depth)}${to.slice(1)}`;
}
