import type { ComponentChildren } from 'preact';

/** A section of the settings as it stands in their page, alone. */
export function inSection(content: ComponentChildren): ComponentChildren {
  return (
    <div class="settings alone">
      <div class="section">{content}</div>
    </div>
  );
}
