import { describe, expect, it } from 'vitest';
import { isOpenTo } from '../../../backend/src/config/secrets.ts';
import { leadTo, openerOf } from '../../../backend/src/console/opener.ts';

describe('on each platform', () => {
  it.each<[platform: string, command: string, file: string]>([
    ['linux', 'xdg-open', '/home/me/my data/open.html'],
    ['freebsd', 'xdg-open', '/home/me/open.html'],
    ['darwin', 'open', '/Users/me/my data/open.html'],
    ['win32', 'explorer.exe', 'C:\\Users\\A&B\\my data\\open.html'],
  ])('of %s, %s opens a file whose path no shell reads', (platform, command, file) => {
    expect(openerOf(platform, file)).toEqual({ command, args: [file] });
  });

  it.each<[platform: string, mode: number, isOpen: boolean]>([
    ['linux', 0o100600, false],
    ['linux', 0o100440, false],
    ['linux', 0o100644, true],
    ['linux', 0o100620, true],
    ['darwin', 0o100644, true],
    // The mode of every file on Windows.
    ['win32', 0o100666, false],
  ])('of %s a key file of mode %o is open to others: %s', (platform, mode, isOpen) => {
    expect(isOpenTo(mode, platform)).toBe(isOpen);
  });

  it('the file leads to its address, whatever that holds', () => {
    expect(leadTo('http://127.0.0.1:8787/?key=a&to=b&x="')).toContain(
      'url=http://127.0.0.1:8787/?key=a&amp;to=b&amp;x=&quot;"',
    );
  });
});
