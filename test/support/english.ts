import { speakEnglish } from './speak-english.ts';

// A set-up file of the tests: most of them read sentences.
speakEnglish();
