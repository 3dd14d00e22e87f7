import { z } from '../../shared/schema.ts';
import { AccountClock, Preferences } from '../accounts/preferences.ts';
import { AccountForm, DestinationForm, Id } from '../accounts/settings.ts';
import type { Fate } from '../capture/outcome.ts';
import { DashboardForm } from '../dashboards/dashboard.ts';
import { DeliveryId } from '../delivery/delivery.ts';
import type { History } from '../history/history.ts';
import type { DeliveryRow } from '../records/delivery-log.ts';
import type { ImportChange } from '../transfer/import-changes.ts';

const one = <T extends string>(type: T) => ({ type: z.literal(type) });

// A little more than a settings file may have, so that it is the file's own check that says what is wrong.
const FileText = z.string().check(z.maxLength(1_000_000));

/** What our own pages may ask of the background. */
export const Command = z.discriminatedUnion('type', [
  z.strictObject({ ...one('refresh') }),
  /** The page that stands in for a sealed redirect is there, `since` epoch ms, and asks what became of it. */
  z.strictObject({ ...one('captured-shown'), since: z.int() }),
  z.strictObject({ ...one('log-in'), account: Id }),
  /** The same after the broker's log-out; a person's press alone sends it. */
  z.strictObject({ ...one('log-out'), account: Id }),
  /** Opens the logins of these accounts one after the other, each in its turn. */
  z.strictObject({ ...one('log-in-due'), accounts: z.array(Id).check(z.minLength(1), z.maxLength(100)) }),
  /** Leaves the login that stopped them, and opens the next. */
  z.strictObject({ ...one('log-in-next') }),
  z.strictObject({ ...one('stop-logins') }),
  z.strictObject({ ...one('paste'), account: Id, text: z.string().check(z.minLength(1), z.maxLength(4_000)) }),
  z.strictObject({ ...one('accept'), ask: Id }),
  z.strictObject({ ...one('discard'), ask: Id }),
  /** Sends what waits for a destination of the account: its own where none is named. */
  z.strictObject({ ...one('retry'), account: Id, destination: z.optional(Id) }),
  /** Sends one delivery that was not delivered again, while its token lives. */
  z.strictObject({ ...one('redeliver'), delivery: DeliveryId, destination: Id }),
  /** What was sent in the last seven days, and what waits. */
  z.strictObject({ ...one('deliveries') }),
  /** Opens the redirect of an observed login again, in a new tab. */
  z.strictObject({ ...one('reopen'), account: Id }),
  z.strictObject({ ...one('test'), account: Id, destination: z.optional(Id) }),
  z.strictObject({ ...one('pair'), text: z.string().check(z.minLength(1), z.maxLength(4_000)) }),
  z.strictObject({ ...one('save-account'), id: z.nullable(Id), form: AccountForm }),
  /** Puts a destination in the place of another one of the account: of its own where none is named. */
  z.strictObject({ ...one('save-destination'), account: Id, destination: z.optional(Id), form: DestinationForm }),
  z.strictObject({ ...one('add-destination'), account: Id, form: DestinationForm }),
  z.strictObject({ ...one('remove-destination'), destination: Id }),
  z.strictObject({ ...one('confirm-user'), account: Id, user: z.string().check(z.minLength(1), z.maxLength(40)) }),
  z.strictObject({ ...one('pause'), account: Id, paused: z.boolean() }),
  z.strictObject({ ...one('forget'), account: Id }),
  z.strictObject({ ...one('save-preferences'), preferences: Preferences }),
  z.strictObject({ ...one('set-clock'), account: Id, clock: AccountClock }),
  /** The next login opens in no container, unless it is begun in one. */
  z.strictObject({ ...one('leave-container'), account: Id }),
  z.strictObject({ ...one('snooze'), account: Id }),
  z.strictObject({ ...one('mute-today'), account: Id }),
  z.strictObject({ ...one('history') }),
  z.strictObject({ ...one('save-dashboard'), id: z.nullable(Id), form: DashboardForm }),
  z.strictObject({ ...one('remove-dashboard'), id: Id }),
  /** The diagnostics as text. */
  z.strictObject({ ...one('diagnose') }),
  /** The settings as a file's text. */
  z.strictObject({ ...one('export') }),
  /** What an import would change; nothing is done. */
  z.strictObject({ ...one('preview-import'), text: FileText }),
  /** Takes in exactly what a preview showed: `stamp` is that preview's. */
  z.strictObject({ ...one('import'), text: FileText, stamp: z.string().check(z.maxLength(100)) }),
  z.strictObject({ ...one('forget-everything') }),
  /** The person knows that the browser lost accounts. */
  z.strictObject({ ...one('accept-loss') }),
  z.strictObject({ ...one('drop-damaged'), key: z.string().check(z.minLength(1), z.maxLength(200)) }),
]);
export type Command = z.infer<typeof Command>;
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

/** Every command is answered by a value: what was done, or the fields that are wrong. */
export type Reply =
  | {
      ok: true;
      account?: string;
      ask?: string;
      dashboard?: string;
      text?: string;
      steps?: readonly TestStep[];
      histories?: readonly History[];
      deliveries?: readonly DeliveryRow[];
      preview?: ImportPreview;
      fate?: Fate;
    }
  | { ok: false; problems: readonly { field: string; message: string }[] };

/** What an import would change, and the stamp that its confirmation has to carry. */
export interface ImportPreview {
  changes: readonly ImportChange[];
  stamp: string;
}

/** One step of a destination's test, in words. */
export interface TestStep {
  name: string;
  ok: boolean;
  says: string;
}

/** What the content script on a redirect page may say: where it is. The answer tells no more than whether that was a login we have. */
export const PageMessage = z.strictObject({
  type: z.literal('redirect-page'),
  url: z.string().check(z.maxLength(8_000)),
  /** The page that led there, as far as the browser tells a page. */
  referrer: z.string().check(z.maxLength(8_000)),
});
export type PageMessage = z.infer<typeof PageMessage>;
export interface PageReply {
  captured: boolean;
  /** The address without the token, for the page's address bar. */
  scrubbed?: string;
}

const Count = z.int().check(z.minimum(0), z.maximum(1_000));

/** What the script on a dashboard may say; which dashboard it is on, the browser says. */
export const FromDashboard = z.discriminatedUnion('type', [
  /** `since` is when the oldest request was sent, epoch ms by the clock as it is now. */
  z.strictObject({
    ...one('waiting'),
    count: Count,
    since: z.int(),
    visible: z.boolean(),
    /** Since when the dialog of the account is in this page, epoch ms; null where it is not. */
    shownAt: z.nullable(z.int()),
  }),
  /** The dialog's own script is needed here. */
  z.strictObject({ ...one('dialog') }),
  z.strictObject({ ...one('log-in') }),
  z.strictObject({ ...one('paste') }),
  z.strictObject({ ...one('cancel') }),
  /** What became of requests since it was last said; a request that is given up got its original answer. */
  z.strictObject({ ...one('counted'), held: Count, replayed: Count, givenUp: Count }),
]);
export type FromDashboard = z.infer<typeof FromDashboard>;
