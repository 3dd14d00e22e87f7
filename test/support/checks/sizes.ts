/** The most bytes that each part of the built extension may have, a little above what it had in November 2026. */
export interface Size {
  name: string;
  /** What is counted: a file, all that a page loads of a kind, or the whole package. */
  of: { file: string } | { page: string; kind: '.js' | '.css' } | 'package';
  most: number;
}

export const SIZES: readonly Size[] = [
  { name: 'the background', of: { file: 'background.js' }, most: 241_000 },
  { name: 'the popup’s scripts', of: { page: 'popup.html', kind: '.js' }, most: 61_000 },
  { name: 'the popup’s styles', of: { page: 'popup.html', kind: '.css' }, most: 9_700 },
  { name: 'the settings’ scripts', of: { page: 'options.html', kind: '.js' }, most: 225_500 },
  { name: 'the settings’ styles', of: { page: 'options.html', kind: '.css' }, most: 17_300 },
  { name: 'the welcome page’s scripts', of: { page: 'welcome.html', kind: '.js' }, most: 152_500 },
  { name: 'the reminder’s scripts', of: { page: 'reminder.html', kind: '.js' }, most: 61_800 },
  { name: 'the scripts of a sealed redirect’s page', of: { page: 'captured.html', kind: '.js' }, most: 62_700 },
  { name: 'the hold in a dashboard’s page', of: { file: 'hold.js' }, most: 29_200 },
  { name: 'the hold beside a dashboard’s page', of: { file: 'dashboard.js' }, most: 12_700 },
  { name: 'the dialog over a dashboard', of: { file: 'dialog.js' }, most: 24_100 },
  { name: 'the script of a redirect’s page', of: { file: 'redirect.js' }, most: 1_800 },
  { name: 'the package', of: 'package', most: 293_000 },
];
