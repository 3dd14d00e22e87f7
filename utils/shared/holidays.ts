/** The days that our lists name. */
export type NamedDay =
  | 'ambedkar_jayanti'
  | 'annual_bank_closing'
  | 'bakri_id'
  | 'balipratipada'
  | 'christmas'
  | 'dussehra'
  | 'gandhi_jayanti'
  | 'ganesh_chaturthi'
  | 'good_friday'
  | 'gudi_padwa'
  | 'guru_nanak_jayanti'
  | 'holi'
  | 'id_e_milad'
  | 'maharashtra_day'
  | 'maharashtra_municipal_elections'
  | 'mahavir_jayanti'
  | 'muharram'
  | 'ram_navami'
  | 'republic_day'
  | 'shivaji_jayanti'
  | 'muhurat_trading'
  | 'union_budget';

/** A day on which the exchange trades against its weekday, or at other hours; null while it has not said which. */
export interface SpecialDay {
  date: string;
  name: NamedDay;
  hours: { from: number; to: number } | 'usual' | null;
}

/** What an exchange published of a year: its holidays by date, its special sessions, and how far the list goes. */
export interface PublishedDays {
  validThrough: string;
  holidays: Readonly<Record<string, NamedDay>>;
  special: readonly SpecialDay[];
}

const MUHURAT: SpecialDay = { date: '2026-11-08', name: 'muhurat_trading', hours: null };

// 2026-11: NSE's circular for 2026. The Diwali evening's hours were not confirmed.
// https://www.nseindia.com/resources/exchange-communication-holidays
export const NSE_DAYS: PublishedDays = {
  validThrough: '2026-12-31',
  holidays: {
    '2026-01-15': 'maharashtra_municipal_elections',
    '2026-01-26': 'republic_day',
    '2026-03-03': 'holi',
    '2026-03-26': 'ram_navami',
    '2026-03-31': 'mahavir_jayanti',
    '2026-04-03': 'good_friday',
    '2026-04-14': 'ambedkar_jayanti',
    '2026-05-01': 'maharashtra_day',
    '2026-05-28': 'bakri_id',
    '2026-06-26': 'muharram',
    '2026-09-14': 'ganesh_chaturthi',
    '2026-10-02': 'gandhi_jayanti',
    '2026-10-20': 'dussehra',
    '2026-11-10': 'balipratipada',
    '2026-11-24': 'guru_nanak_jayanti',
    '2026-12-25': 'christmas',
  },
  special: [
    // 2026-11: the Sunday of the Union Budget was a full trading day.
    { date: '2026-02-01', name: 'union_budget', hours: 'usual' },
    MUHURAT,
  ],
};

// 2026-11: the currency segment also closes where banks do.
export const CURRENCY_DAYS: PublishedDays = {
  validThrough: NSE_DAYS.validThrough,
  holidays: {
    ...NSE_DAYS.holidays,
    '2026-02-19': 'shivaji_jayanti',
    '2026-03-19': 'gudi_padwa',
    '2026-04-01': 'annual_bank_closing',
    '2026-08-26': 'id_e_milad',
  },
  special: [MUHURAT],
};

/** MCX trades on most evenings of other exchanges' holidays, so none of their lists fits: every Monday to Friday counts. */
export const NO_DAYS: PublishedDays = { validThrough: '', holidays: {}, special: [] };
