import { useSignal } from '@preact/signals';
import { say } from '../../utils/domain/base/words.ts';
import { type PermissionRow, permissionList } from '../../utils/domain/view/permission-list.ts';
import { Pill } from '../ui/pill.tsx';
import type { SectionProps } from './section.tsx';

/** Everything that the browser allows us, or should: why, for whom, and the way to take it back. */
export function Permissions({ overview, actions }: SectionProps) {
  const says = useSignal('');
  const rows = permissionList(overview);
  const missing = rows.filter(({ needs, granted }) => needs.length > 0 && !granted);
  // The browser asks only in the click itself, so nothing is awaited before.
  const allow = async (patterns: string[]) => {
    const isAllowed = await actions.allow(patterns);
    says.value = isAllowed ? '' : say('permission_refused');
  };
  const revoke = async (pattern: string) => {
    const isGone = await actions.revoke(pattern).catch(() => false);
    says.value = isGone ? '' : say('permission_kept');
  };
  return (
    <>
      {rows.length === 0 && <p>{say('permission_none')}</p>}
      {missing.length > 1 && (
        <div>
          <button
            type="button"
            class="primary"
            data-action="allow-all"
            onClick={() => void allow(missing.map(({ pattern }) => pattern))}
          >
            {say('permission_allow_all')}
          </button>
        </div>
      )}
      <p role="status" class="says">
        {says}
      </p>
      <ul class="list">
        {rows.map((row) => (
          <Row key={row.pattern} row={row} onAllow={() => void allow([row.pattern])} onRevoke={revoke} />
        ))}
      </ul>
      <p class="soft">{say('permission_always')}</p>
    </>
  );
}

interface RowProps {
  row: PermissionRow;
  onAllow(): void;
  onRevoke(pattern: string): Promise<void>;
}

function Row({ row, onAllow, onRevoke }: RowProps) {
  const { pattern, needs, granted, coveredBy } = row;
  const name = nameOf(row);
  return (
    <li class="card" data-host={pattern} data-granted={granted} data-needed={needs.length > 0}>
      <div class="row">
        {row.kind === 'host' ? <code class="grow">{name}</code> : <b class="grow">{name}</b>}
        <Pill tone={granted ? (needs.length > 0 ? 'ok' : 'warn') : 'bad'}>
          {granted
            ? needs.length > 0
              ? say('permission_allowed')
              : say('permission_unneeded')
            : say('permission_missing')}
        </Pill>
        {granted && coveredBy === null && (
          <button type="button" aria-label={say('permission_revoke_name', name)} onClick={() => void onRevoke(pattern)}>
            {say('permission_revoke')}
          </button>
        )}
        {!granted && (
          <button type="button" class="primary" aria-label={say('permission_allow_name', name)} onClick={onAllow}>
            {say('permission_allow')}
          </button>
        )}
      </div>
      {coveredBy === null ? null : <small>{say('permission_covered', coveredBy)}</small>}
      {needs.length === 0 ? (
        <small>{say('permission_no_need')}</small>
      ) : (
        <ul class="reasons">
          {needs.map(({ who, reason }) => (
            <li key={who + reason}>
              <b>{who}</b>: {reason}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function nameOf({ kind, pattern }: PermissionRow): string {
  return kind === 'host' ? pattern.replace(/\/\*$/, '') : say(`permission_${kind}`);
}
