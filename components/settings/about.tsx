import { languageTag, say } from '../../utils/domain/base/words.ts';
import type { SectionProps } from './section.tsx';

/** They lie in the extension itself, so opening one asks no network. */
const DOCUMENTS = ['security', 'contract', 'clock', 'dashboards', 'browsers', 'privacy', 'license', 'notices'] as const;
/** Documents that the package has in a further language; all the others are in English, and About says so. */
const TRANSLATED: Readonly<Record<string, readonly string[]>> = { hi: ['privacy'] };
const NEVER = ['password', 'order', 'elsewhere', 'code', 'measure'] as const;

/** What this is, what it never does, and where to read more. */
export function About({ version }: SectionProps) {
  return (
    <>
      <section class="card" aria-labelledby="about-version">
        <h3 id="about-version">{say('about_version', version)}</h3>
        <p>{say('settings_promise')}</p>
      </section>
      <section class="card" aria-labelledby="about-never">
        <h3 id="about-never">{say('about_never')}</h3>
        <ul class="bullets">
          {NEVER.map((name) => (
            <li key={name}>{say(`about_never_${name}`)}</li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="about-documents">
        <h3 id="about-documents">{say('about_documents')}</h3>
        <p class="soft">{say('about_documents_what')}</p>
        <ul class="bullets">
          {DOCUMENTS.map((name) => (
            <li key={name}>
              <a href={`/docs/${fileOf(name)}.txt`} target="_blank" rel="noreferrer">
                {say(`about_document_${name}`)}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function fileOf(name: string): string {
  const [language = ''] = languageTag().split('-');
  return TRANSLATED[language]?.includes(name) ? `${name}.${language}` : name;
}
