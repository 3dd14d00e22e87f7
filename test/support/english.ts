import { speakEnglish } from '../../backend/src/config/english.ts';

// A set-up file of the tests: most of them read sentences.
speakEnglish();
