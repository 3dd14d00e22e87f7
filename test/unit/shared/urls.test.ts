import { describe, expect, it } from 'vitest';
import { pagePatterns } from '../../../utils/shared/urls.ts';

describe('the match patterns of a redirect page', () => {
  it.each([
    ['http://127.0.0.1/', ['http://127.0.0.1/', 'http://127.0.0.1/?*']],
    ['http://127.0.0.1:8000', ['http://127.0.0.1/', 'http://127.0.0.1/?*']],
    [
      'http://localhost:3000/api/callback?app=mine',
      [
        'http://localhost/api/callback',
        'http://localhost/api/callback?*',
        'http://localhost/api/callback/',
        'http://localhost/api/callback/?*',
      ],
    ],
    [
      'https://bell.example.net/kite/',
      [
        'https://bell.example.net/kite',
        'https://bell.example.net/kite?*',
        'https://bell.example.net/kite/',
        'https://bell.example.net/kite/?*',
      ],
    ],
  ])('%s', (url, patterns) => expect(pagePatterns(url)).toEqual(patterns));
});
