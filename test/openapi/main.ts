import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { speakEnglish } from '../support/speak-english.ts';
import { openapi } from './document.ts';

speakEnglish();
/** Writes docs/openapi.json anew from the contract's schemas. */
const path = join(import.meta.dirname, '../../docs/openapi.json');
writeFileSync(path, `${JSON.stringify(openapi(), null, 2)}\n`);
console.log(`wrote ${path}`);
