import { tellFinding, tellFix } from '../../utils/domain/doctor/doctor.ts';
import type { Finding, Typed } from '../../utils/domain/doctor/finding.ts';

/** What the doctor finds in one field, each with the button that mends it, where it can be mended here. */
export function Findings({ findings, mend }: { findings: readonly Finding[]; mend?(fix: Partial<Typed>): void }) {
  if (findings.length === 0) return null;
  return (
    <ul class="findings">
      {findings.map((finding) => (
        <li key={finding.code} class={`note ${finding.severity === 'wrong' ? 'bad' : ''}`} data-finding={finding.code}>
          <p>{tellFinding(finding)}</p>
          {mend && <Mend finding={finding} mend={mend} />}
        </li>
      ))}
    </ul>
  );
}

function Mend({ finding, mend }: { finding: Finding; mend(fix: Partial<Typed>): void }) {
  const { fix } = finding;
  const says = tellFix(finding);
  if (!fix || says === null) return null;
  return (
    <button type="button" data-action="mend" onClick={() => mend(fix)}>
      {says}
    </button>
  );
}
