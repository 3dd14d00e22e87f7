import type { FieldChange } from '../../../utils/domain/base/field-changes.ts';
import { say, sayCount } from '../../../utils/domain/base/words.ts';
import type { ImportChange } from '../../../utils/domain/transfer/import-changes.ts';
import { Pill, type Tone } from '../../ui/pill.tsx';

type RealChange = ImportChange & { is: 'new' | 'changed' | 'removed' };
const TONES: Record<RealChange['is'], Tone> = { new: 'ok', changed: 'warn', removed: 'bad' };

/** What an import would do, thing by thing and field by field, and the two ways on. */
export function ImportChanges({
  changes,
  onTake,
  onCancel,
}: {
  changes: readonly ImportChange[];
  onTake(): void;
  onCancel(): void;
}) {
  const real = changes.filter((one): one is RealChange => one.is !== 'unchanged');
  const unchanged = changes.length - real.length;
  return (
    <div data-import="shown">
      <h4>{real.length === 0 ? say('data_no_change') : say('data_preview')}</h4>
      <ul class="list changes">
        {real.map((change) => (
          <Change key={`${change.what} ${change.is} ${change.name}`} change={change} />
        ))}
      </ul>
      {unchanged > 0 && <p class="soft">{sayCount('data_unchanged', unchanged)}</p>}
      <p class="soft">{say('data_nothing_sent')}</p>
      <div class="row">
        {real.length > 0 && (
          <button type="button" class="primary" data-action="import" onClick={onTake}>
            {sayCount('data_take', real.length)}
          </button>
        )}
        <button type="button" class="quiet" data-action="cancel-import" onClick={onCancel}>
          {real.length === 0 ? say('close') : say('cancel')}
        </button>
      </div>
    </div>
  );
}

function Change({ change: { what, is, name, fields, warning } }: { change: RealChange }) {
  return (
    <li data-change={is} data-what={what}>
      <div class="row">
        <Pill tone={TONES[is]}>{say(`data_${is}`)}</Pill>
        <span>
          <b>{say(`data_what_${what}`)}</b> {name}
        </span>
      </div>
      {warning && (
        <p class="note bad" data-warning={warning}>
          {say(`data_${warning}`)}
        </p>
      )}
      {fields.length > 0 && (
        <dl class="facts">
          {fields.map((field) => (
            <Field key={field.field} {...field} />
          ))}
        </dl>
      )}
    </li>
  );
}

function Field({ field, from, to }: FieldChange) {
  return (
    <>
      <dt>
        <code>{field}</code>
      </dt>
      <dd>
        {from === null ? null : <del>{from}</del>} {to === null ? <i>{say('data_gone')}</i> : <ins>{to}</ins>}
      </dd>
    </>
  );
}
