/** The command that opens a file in the person's browser, for a platform as Node names it. No shell reads the path. */
export function openerOf(platform: string, file: string): { command: string; args: string[] } {
  if (platform === 'win32') return { command: 'explorer.exe', args: [file] };
  return { command: platform === 'darwin' ? 'open' : 'xdg-open', args: [file] };
}

/** A page that leads to an address at once. */
export function leadTo(address: string): string {
  const escaped = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<meta http-equiv="refresh" content="0; url=${escaped}">\n`;
}
