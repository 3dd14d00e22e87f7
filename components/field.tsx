import './field.css';
import type { ComponentChildren } from 'preact';

interface InputProps {
  id: string;
  name: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

/** A labelled input with its hint, and its problem in words right below it. */
export function Field({
  label,
  name,
  hint,
  problem,
  children,
}: {
  label: string;
  name: string;
  hint?: string;
  problem?: string | null;
  children(props: InputProps): ComponentChildren;
}) {
  const id = `field-${name}`;
  const described = [hint ? `${id}-hint` : null, problem ? `${id}-problem` : null]
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
    </div>
  );
}
