/** A day on which the exchange trades at other hours; null while it has not said which. */
export interface SpecialDay {
  date: string;
  name: string;
  hours: { from: number; to: number } | null;
}

/** What an exchange published of a year: its holidays by date, its special sessions, and how far the list goes. */
export interface PublishedDays {
  validThrough: string;
  holidays: Readonly<Record<string, string>>;
  special: readonly SpecialDay[];
}

// 2026-11: NSE's circular for 2026. The Diwali evening's hours were not confirmed.
export const NSE_DAYS: PublishedDays = {
  validThrough: '2026-12-31',
  holidays: {
    '2026-01-15': 'Maharashtra municipal elections',
    '2026-01-26': 'Republic Day',
    '2026-03-03': 'Holi',
    '2026-03-26': 'Ram Navami',
    '2026-03-31': 'Mahavir Jayanti',
    '2026-04-03': 'Good Friday',
    '2026-04-14': 'Ambedkar Jayanti',
    '2026-05-01': 'Maharashtra Day',
    '2026-05-28': 'Bakri Id',
    '2026-06-26': 'Muharram',
    '2026-09-14': 'Ganesh Chaturthi',
    '2026-10-02': 'Gandhi Jayanti',
    '2026-10-20': 'Dussehra',
    '2026-11-10': 'Balipratipada',
    '2026-11-24': 'Guru Nanak Jayanti',
    '2026-12-25': 'Christmas',
  },
  special: [{ date: '2026-11-08', name: 'Muhurat trading', hours: null }],
};

/** MCX trades on most evenings of other exchanges' holidays, so none of their lists fits: every Monday to Friday counts. */
export const NO_DAYS: PublishedDays = { validThrough: '', holidays: {}, special: [] };
