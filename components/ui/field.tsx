import './field.css';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface InputProps {
  id: string;
  name: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

/** A labelled input with its hint, its problem in words right below it, and what else there is to say of what was typed. */
export function Field({
  label,
  name,
  hint,
  problem,
  notes,
  children,
}: {
  label: string;
  name: string;
  hint?: string;
  problem?: string | null;
  notes?: ComponentChildren;
  children(props: InputProps): ComponentChildren;
}) {
  // Two forms of one page may have a field of the same name.
  const id = `${useId()}-${name}`;
  const described = [hint ? `${id}-hint` : null, problem ? `${id}-problem` : null, notes ? `${id}-notes` : null]
    .filter((one) => one !== null)
    .join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, name, 'aria-invalid': Boolean(problem), 'aria-describedby': described || undefined })}
      {hint ? <small id={`${id}-hint`}>{hint}</small> : null}
      {problem ? (
        <p class="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      ) : null}
      {notes ? (
        <div id={`${id}-notes`} role="status">
          {notes}
        </div>
      ) : null}
    </div>
  );
}
