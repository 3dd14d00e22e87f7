import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHolidays } from '../../../utils/domain/accounts/holidays/holiday-list.ts';
import { addDays, OwnDays } from '../../../utils/shared/calendar.ts';
import type { MarketId } from '../../../utils/shared/market.ts';
import { check } from '../../../utils/shared/schema.ts';

const understood = (text: string, market: MarketId = 'nse-fo') => {
  const read = readHolidays(text, market);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  expect(check(OwnDays, read.value.list)).toMatchObject({ ok: true });
  return read.value;
};
const daysOf = (text: string, market?: MarketId) =>
  understood(text, market).list.days.map(({ date, name }) => (name === '' ? date : `${date} ${name}`));

const TWO = ['2027-01-26 Republic Day', '2027-03-22 Holi'];
const nse = (key: string, ...days: string[]) =>
  `"${key}":[${days.map((day, at) => `{"tradingDate":"${day.slice(0, 11)}","weekDay":"${day.split(' ')[1]}","description":"${day.split(' ').slice(2).join(' ')}","morning_session":null,"evening_session":null,"Sr_no":${at + 1}}`).join(',')}]`;
const FO = nse('FO', '26-Jan-2027 Tuesday Republic Day', '22-Mar-2027 Monday Holi');

describe('a year’s list', () => {
  it.each<[form: string, text: string]>([
    ['NSE’s JSON on one line', `{${FO}}`],
    [
      'NSE’s JSON of every segment',
      `{${nse('CD', '19-Feb-2027 Friday Shivaji')},${FO},${nse('CM', '01-Mar-2027 Monday Other')}}`,
    ],
    ['the same with breaks', JSON.stringify(JSON.parse(`{${FO}}`), null, 2)],
    [
      'NSE’s table',
      'Sr. No\tDate\tDay\tDescription\n1\t26-Jan-2027\tTuesday\tRepublic Day\n2\t22-Mar-2027\tMonday\tHoli',
    ],
    [
      'NSE’s file',
      '"SR. NO.","DATE","DAY","DESCRIPTION"\r\n"1","26-Jan-2027","Tuesday","Republic Day"\r\n"2","22-Mar-2027","Monday","Holi"\r\n',
    ],
    [
      'a table with a cell a line',
      'Sr. No\nDate\nDay\nDescription\n1\n26-Jan-2027\nTuesday\nRepublic Day\n2\n22-Mar-2027\nMonday\nHoli',
    ],
    ['BSE’s order', 'Republic Day\tJanuary 26,2027\tTuesday\nHoli\tMarch 22,2027\tMonday'],
    ['a broker’s page', '26 Jan, Tuesday - Republic Day\n22 Mar, Monday - Holi\nHolidays 2027'],
    ['a year above', 'Trading holidays 2027\nJanuary 26 Republic Day\nMarch 22 Holi'],
    ['a circular', '1. Tuesday, January 26, 2027 – Republic Day\n2. Monday, March 22, 2027 – Holi'],
    ['ordinals', '26th January 2027 Republic Day\n22nd of March, 2027 Holi'],
    ['two digits', '26-Jan-27 Republic Day\n22-Mar-27 Holi'],
    ['dots', '26.01.2027 Republic Day\n22.03.2027 Holi'],
    ['slashes', '26/01/2027 Republic Day\n22/03/2027 Holi'],
    ['America’s order', '01/26/2027 Republic Day\n03/22/2027 Holi'],
    ['ISO', '2027-01-26 Republic Day\n2027-03-22 Holi'],
    ['ISO with slashes', '2027/01/26 Republic Day\n2027/03/22 Holi'],
    ['compact', '20270126 Republic Day\n20270322 Holi'],
    ['upper case', '26-JAN-2027 Republic Day\n22-MAR-2027 Holi'],
    ['without separators', '26JAN2027 Republic Day\n22MAR2027 Holi'],
    ['one row', '26-Jan-2027,Republic Day,22-Mar-2027,Holi'],
    ['a map', '{"2027-01-26":"Republic Day","2027-03-22":"Holi"}'],
    ['a list of records', '[{"date":"2027-01-26","name":"Republic Day"},{"date":"2027-03-22","name":"Holi"}]'],
    [
      'wrapped',
      '{"status":"success","data":[{"holidayDate":"26-Jan-2027","holidayName":"Republic Day"},{"holidayDate":"22-Mar-2027","holidayName":"Holi"}]}',
    ],
    [
      'moments in India, as Java writes them',
      '[{"date":"2027-01-25T18:30:00.000Z","name":"Republic Day"},{"date":"2027-03-21T18:30:00.000+00:00","name":"Holi"}]',
    ],
    [
      'as Python prints it',
      "[{'date': '2027-01-26', 'name': \"Republic Day\", 'note': None}, {'date': '2027-03-22', 'name': 'Holi'}]",
    ],
    ['milliseconds', '[{"date":1800901800000,"name":"Republic Day"},{"date":1805653800000,"name":"Holi"}]'],
    [
      'a calendar file',
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTAMP:20261112T000000Z\nDTSTART;VALUE=DATE:20270126\nDTEND;VALUE=DATE:20270127\nSUMMARY:Republic Day\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20270322\nSUMMARY:Holi\nEND:VEVENT',
    ],
    [
      'a page’s source',
      '<table><tr><th>Date</th></tr><tr><td>1</td><td>26-Jan-2027</td><td>Tuesday</td><td>Republic Day</td></tr>\n<tr><td>2</td><td>22-Mar-2027</td><td>Monday</td><td>Holi</td></tr></table>',
    ],
    ['no-break blanks and other dashes', '26‑Jan‑2027\u00a0Republic Day\n\ufeff22–Mar–2027\u200b Holi'],
    ['a day it was made on', 'Trading holidays as on 12-Nov-2026\n26-Jan-2027 Republic Day\n22-Mar-2027 Holi'],
    ['a day alone above it', '12 Dec 2026\n26-Jan-2027 Republic Day\n22-Mar-2027 Holi'],
    [
      'a circular’s head',
      'Circular No. dated: December 12, 2026\n26-Jan-2027 Republic Day\n22-Mar-2027 Holi\nLast updated on 12 Dec 2026',
    ],
    [
      'a special session',
      '26-Jan-2027 Republic Day\n22-Mar-2027 Holi\n*Muhurat Trading will be conducted on Friday, October 29, 2027.',
    ],
    [
      'a settlement list below',
      '26-Jan-2027 Republic Day\n22-Mar-2027 Holi\nClearing Holidays\n01-Apr-2027 Annual Bank Closing',
    ],
    ['a page’s own year below', 'Holidays 2027\n26 Jan Republic Day\n22 Mar Holi\n© 2026 NSE'],
    ['a page’s own year above', 'Copyright 2026\nHolidays 2027\n26 Jan Republic Day\n22 Mar Holi'],
    ['a year of its own below', 'Holidays 2027\n26 Jan Republic Day\n22 Mar Holi\nHolidays 2028'],
    [
      'a moment in UTC, as a database writes it',
      '2027-01-25 18:30:00+00:00,Republic Day\n2027-03-21 18:30:00 UTC,Holi',
    ],
    [
      'a calendar file in UTC',
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270125T183000Z\nDTEND:20270126T183000Z\nSUMMARY:Republic Day\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART;TZID=Asia/Kolkata:20270322T000000\nSUMMARY:Holi\nEND:VEVENT',
    ],
    [
      'Google’s calendar',
      '{"updated":"2026-11-12","items":[{"summary":"Republic Day","start":{"date":"2027-01-26"},"end":{"date":"2027-01-27"}},{"summary":"Holi","start":{"date":"2027-03-22"},"end":{"date":"2027-03-23"}}]}',
    ],
    [
      'moments as .NET writes them',
      '{"d":[{"Date":"\\/Date(1800901800000)\\/","Holiday":"Republic Day"},{"Date":"\\/Date(1805653800000+0530)\\/","Holiday":"Holi"}]}',
    ],
    ['days as numbers', '[{"date":20270126,"name":"Republic Day"},{"date":20270322,"name":"Holi"}]'],
    ['NSE’s JSON in a program', `const days = {${FO},${nse('CD', '19-Feb-2027 Friday Shivaji')}};`],
    ['NSE’s JSON in a chat', `As asked:\n\`\`\`json\n{${FO},${nse('CD', '19-Feb-2027 Friday Shivaji')}}\n\`\`\``],
    [
      'an answer with its headers',
      `HTTP/2 200\ndate: Mon, 30 Nov 2026 10:00:00 GMT\n\n{${nse('CD', '19-Feb-2027 Friday Shivaji')},${FO}}`,
    ],
    [
      'a program’s list',
      'export default [\n  {date: "2027-01-26", name: "Republic Day"},\n  {date: "2027-03-22", name: "Holi"},\n];',
    ],
    [
      'entries with their exchange',
      '[{"exchange":"NSE","date":"2027-01-26","name":"Republic Day"},{"exchange":"MCX","date":"2027-04-14","name":"Other"},{"exchange":"NSE, BSE","date":"2027-03-22","name":"Holi"}]',
    ],
    [
      'entries with their segment',
      '[{"segment":"FO","date":"2027-01-26","name":"Republic Day"},{"segment":"CD","date":"2027-02-19","name":"Other"},{"segment":"FO","date":"2027-03-22","name":"Holi"}]',
    ],
    [
      'a column of each exchange',
      'Date\tHoliday\tNSE\tBSE\tMCX\n26 Jan 2027\tRepublic Day\tClosed\tClosed\tClosed\n19 Feb 2027\tOther\tOpen\tOpen\tClosed\n22 Mar 2027\tHoli\tClosed\tClosed\tClosed',
    ],
    [
      'CSV with a column of each exchange',
      'Date,Holiday,NSE,BSE,MCX\n"January 26, 2027",Republic Day,Closed,Closed,Closed\n"March 22, 2027",Holi,Closed,Closed,Open\n"February 19, 2027",Other,Open,Open,Closed',
    ],
    ['NSE’s JSON as a text', JSON.stringify(`{${FO},${nse('CD', '19-Feb-2027 Friday Shivaji')}}`)],
    [
      'exchanges in brackets',
      '26-Jan-2027 Republic Day\n22-Mar-2027 Holi\n14-Apr-2027 Ambedkar Jayanti (MCX)\n15-Apr-2027 Other, MCX only',
    ],
    [
      'a list of each exchange',
      'MCX Holidays 2027\n14-Apr-2027 Other\nNSE & BSE Holidays 2027\n26-Jan-2027 Republic Day\n22-Mar-2027 Holi\nNCDEX holidays\n15-Apr-2027 Other',
    ],
    [
      'NSE’s circular, copied whole',
      'NATIONAL STOCK EXCHANGE OF INDIA LIMITED\nDownload Ref No: NSE/FAOP/71777 Date: December 12, 2026\nCircular Ref. No: 187/2026\nAll Members,\nIn pursuance to clause 2 of the Regulations Part A, the Exchange hereby notifies trading holidays for the calendar year 2027 as below:\nSr. No. Date Day Description\n1 January 26, 2027 Tuesday Republic Day\n2 March 22, 2027 Monday Holi\n*Muhurat Trading will be conducted on Friday, October 29, 2027. Timings of Muhurat Trading shall be notified subsequently.\nToll Free No: 1800-266-0050 (Option 1)',
    ],
    [
      'a page as a browser prints it',
      '30/11/2026, 10:23 Holidays - NSE India\n26-Jan-2027 Republic Day\n22-Mar-2027 Holi\nhttps://www.nseindia.com/resources/exchange-communication-holidays 1/2',
    ],
    [
      'messages of WhatsApp',
      '[30/11/26, 10:23:01] Ravi: 26-Jan-2027 Republic Day\n30/11/2026, 10:23 pm - Ravi K: 22-Mar-2027 Holi',
    ],
    [
      'a letter',
      'Sent: Monday, November 30, 2026 10:00\nDate: Mon, 30 Nov 2026 10:00:00 +0530\n26-Jan-2027 Republic Day\n22-Mar-2027 Holi\nPage 1 of 2 30/11/2026',
    ],
    [
      'records with the day of the list',
      '{"date":"2026-11-30","holidays":[{"date":"2027-01-26","name":"Republic Day"},{"date":"2027-03-22","name":"Holi"}]}',
    ],
    [
      'records with the banks’ holidays',
      '[{"date":"2027-01-26","name":"Republic Day"},{"date":"2027-03-22","name":"Holi"},{"date":"2027-04-01","type":"BANK_HOLIDAY"},{"date":"2027-12-24","type":"half_day"}]',
    ],
    ['a page’s list', '<ul><li>26-Jan-2027 Republic Day</li><li>22-Mar-2027 Holi</li></ul>'],
    [
      'a page’s source with what it hides',
      '<script>let now = "30-Nov-2026"</script><table><!-- <tr><td>15-Apr-2027</td></tr> --><tr><td>26-Jan-2027</td><td>Republic Day</td></tr><tr><td>22-Mar-2027</td><td>Holi</td></tr></table>',
    ],
    [
      'words of every day',
      '[{"date":"2027-01-26","name":"Republic Day","status":"closed"},{"date":"2027-01-27","status":"Open"},{"date":"2027-01-28","is_holiday":"false"},{"date":"2027-01-29","is_open":1},{"date":"2027-03-22","name":"Holi","is_holiday":"Y"}]',
    ],
    [
      'another segment below',
      'Equity Derivatives Segment\n26-Jan-2027 Republic Day\n22-Mar-2027 Holi\nCurrency Derivatives Segment\n19-Feb-2027 Shivaji Jayanti',
    ],
  ])('is understood as %s', (_, text) => {
    expect(daysOf(text)).toEqual(TWO);
    expect(understood(text).list.through).toBe('2027-12-31');
  });

  it.each<[form: string, text: string, days: string[]]>([
    [
      'a last year’s day with its name',
      '25-Dec-2026 Christmas\n26-Jan-2027 Republic Day\n22-Mar-2027 Holi',
      ['2026-12-25 Christmas', ...TWO],
    ],
    [
      'a last year’s day among dates alone',
      '2026-12-25\n2027-01-26\n2027-03-22',
      ['2026-12-25', '2027-01-26', '2027-03-22'],
    ],
    ['dates alone', '["2027-01-26", "2027-03-22"]', ['2027-01-26', '2027-03-22']],
    ['a list of a program', "HOLIDAYS = ['2027-01-26', '2027-03-22']", ['2027-01-26', '2027-03-22']],
    ...['25 Dec thru 28 Dec 2027', '25 Dec ~ 28 Dec 2027', 'between 25 Dec and 28 Dec 2027'].map(
      (text): [string, string, string[]] => [text, text, ['2027-12-25', '2027-12-26', '2027-12-27', '2027-12-28']],
    ),
    ['a range', '25-Dec-2027 to 28-Dec-2027', ['2027-12-25', '2027-12-26', '2027-12-27', '2027-12-28']],
    [
      'a range over a month',
      '30-Jan-2027 - 01-Feb-2027 Strike',
      ['2027-01-30 Strike', '2027-01-31 Strike', '2027-02-01 Strike'],
    ],
    [
      'two years',
      'Holidays 2026\n25 December Christmas\nHolidays 2027\n26 January Republic Day\n22 March Holi',
      ['2026-12-25 Christmas', ...TWO],
    ],
    [
      'an event of several days',
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270126\nDTEND;VALUE=DATE:20270129\nSUMMARY:Strike\nEND:VEVENT',
      ['2027-01-26 Strike', '2027-01-27 Strike', '2027-01-28 Strike'],
    ],
    [
      'a day of Google’s calendar that takes two',
      '[{"summary":"Strike","start":{"date":"2027-01-26"},"end":{"date":"2027-01-28"}}]',
      ['2027-01-26 Strike', '2027-01-27 Strike'],
    ],
    ['CSV with the exchange first', 'exchange,date\nNSE,2027-01-26\nMCX,2027-04-14', ['2027-01-26 NSE']],
    ['CSV with the exchange last', '2027-01-26,Foo,NFO\n2027-04-14,Bar,MCX', ['2027-01-26 Foo NFO']],
    ['CSV with a flag', 'date,name,is_holiday\n2027-01-26,Foo,True\n2027-01-27,Bar,False', ['2027-01-26 Foo True']],
    [
      'days of one year in a sentence',
      'closed on 26 January, 22 March and 26 March 2027',
      ['2027-01-26', '2027-03-22 and', '2027-03-26'],
    ],
    ['a name with its day', '02-Oct-2027 Gandhi Jayanti (2nd October)', ['2027-10-02 Gandhi Jayanti (2nd October)']],
    ['the same day twice', '26-Jan-2027 Republic Day\n2027-01-26', ['2027-01-26 Republic Day']],
    ['two days of one month', '26 & 27 January 2027 Foo', ['2027-01-26 Foo', '2027-01-27 Foo']],
    ['the same with the month first', '2027\nJanuary 26 and 27 Foo', ['2027-01-26 Foo', '2027-01-27 Foo']],
    [
      'a circular with numbered lines',
      'NSE/CMTR/71775 December 12, 2026\n1 January 26, 2027 Republic Day\n2 March 22, 2027 Holi',
      TWO,
    ],
    ['a numbered line with dashes', '1 - 26 January 2027 Republic Day\n2 - 22 March 2027 Holi', TWO],
    ['a day with a time', '26-Jan-2027 09:15 Republic Day', ['2027-01-26 Republic Day']],
    ['weekdays in brackets', '26th Jan (Tue): Republic Day\n22nd Mar (Mon): Holi\n2027', TWO],
    ['years with an apostrophe', 'Republic Day — 26 Jan’27\nHoli — 22 Mar’27', TWO],
    [
      'a list of each exchange',
      '{"NSE":["2027-01-26","2027-03-22"],"MCX":["2027-04-14"]}',
      ['2027-01-26', '2027-03-22'],
    ],
    [
      'a list of every day',
      '[{"date":"2027-01-26","is_holiday":true},{"date":"2027-01-27","is_holiday":false},{"date":"2027-01-28","is_open":true}]',
      ['2027-01-26'],
    ],
    ['a map to records', '{"2027-01-26":{"name":"Republic Day"},"2027-03-22":{"name":"Holi"}}', TWO],
    ['a row that is labelled', 'Date: 26-Jan-2027, Republic Day', ['2027-01-26 Republic Day']],
    ['a weekday that tells the order', '03/08/2027 Monday Maha Shivaratri', ['2027-03-08 Maha Shivaratri']],
  ])('is understood as %s', (_, text, days) => expect(daysOf(text)).toEqual(days));

  it('is the market’s own, of those in one list', () => {
    const text = `{${nse('CD', '19-Feb-2027 Friday Shivaji Jayanti')},${FO}}`;
    expect(daysOf(text, 'currency')).toEqual(['2027-02-19 Shivaji Jayanti']);
    expect(understood(text, 'currency').passed).toEqual([{ text: 'FO', why: 'other_market' }]);
    expect(readHolidays(text, 'mcx')).toMatchObject({ ok: false, problems: [{ field: 'list' }] });
  });

  it.each<[line: string, why: string]>([
    ['Valid from 01-Jan-2027 to 31-Dec-2027', 'stamp'],
    ['Ref. No. 71775/2026 December 12, 2026', 'stamp'],
    ['The exchange is open on 01-Feb-2027 (Budget)', 'special'],
    ['Normal trading on 01-Feb-2027', 'special'],
    ['Expiry moved to 25-Jan-2027', 'special'],
    ['By a writer | Dec 12, 2026', 'stamp'],
    ['19th February, 2027 (Friday) - Shivaji Jayanti (Currency only)', 'other_market'],
    ['09-Mar-2027\tFoo\tOpen', 'open'],
    ['02-Feb-2027 is not a holiday', 'special'],
    ['24-Dec-2027 Christmas Eve (half day)', 'special'],
    ['29-Oct-2027 Diwali, trading from 18:00 to 19:00', 'special'],
    ['15-Apr-2027 Trading as usual', 'special'],
    ['Mock trading session on Saturday, February 06, 2027', 'special'],
  ])('makes no holiday of “%s”', (line, why) => {
    const { list, passed } = understood(`${line}\n26-Jan-2027 Republic Day\n22-Mar-2027 Holi`);
    expect(list.days.map(({ date, name }) => `${date} ${name}`)).toEqual(TWO);
    expect(passed).toEqual([{ text: line, why }]);
  });

  it('names what it passed over, and why', () => {
    const { passed } = understood(
      'Trading holidays as on 12-Nov-2026\n26-Jan-2027 Republic Day\nSpecial live trading session on Saturday, March 06, 2027\nSettlement Holidays\n01-Apr-2027 Bank closing',
    );
    expect(passed.map(({ text, why }) => `${why}: ${text}`)).toEqual([
      'stamp: Trading holidays as on 12-Nov-2026',
      'special: Special live trading session on Saturday, March 06, 2027',
      'settlement: 01-Apr-2027 Bank closing',
    ]);
  });

  it('does not end a special session that is known', () => {
    const text = '08-Nov-2026 Sunday Diwali Laxmi Pujan*\n25-Dec-2026 Friday Christmas';
    expect(daysOf(text)).toEqual(['2026-12-25 Christmas']);
    expect(understood(text).passed).toEqual([{ text: '2026-11-08 Diwali Laxmi Pujan', why: 'special' }]);
  });

  it.each<[form: string, text: string]>([
    [
      'MCX’s table',
      'Republic Day\t26-Jan-2027\tTuesday\tClosed\tClosed\nHoli\t22-Mar-2027\tMonday\tClosed\tOpen\nNew Year\t01-Jan-2027\tFriday\tOpen\tClosed\nNone\t04-Jan-2027\tMonday\tOpen\tOpen',
    ],
    [
      'NSE’s JSON for commodities',
      '{"COM":[{"tradingDate":"26-Jan-2027","description":"Republic Day","morning_session":"Closed","evening_session":"Closed"},{"tradingDate":"22-Mar-2027","description":"Holi","morning_session":"Closed","evening_session":"Open"},{"tradingDate":"01-Jan-2027","description":"New Year","morning_session":"Open","evening_session":"Closed"},{"tradingDate":"04-Jan-2027","description":"None","morning_session":"Open","evening_session":"Open"}]}',
    ],
  ])('of commodities keeps the half of a day that trades: %s', (_, text) => {
    const { list, passed } = understood(text, 'mcx');
    const clock = (hour: number, minute = 0) => ({ hour, minute });
    expect(list.days).toEqual([
      { date: '2027-01-01', name: 'New Year', kind: 'trading', hours: { from: clock(9), to: clock(17) } },
      { date: '2027-01-26', name: 'Republic Day', kind: 'holiday', hours: null },
      { date: '2027-03-22', name: 'Holi', kind: 'trading', hours: { from: clock(17), to: clock(23, 30) } },
    ]);
    expect(passed).toMatchObject([{ why: 'open' }]);
  });

  it('of Upstox or OpenAlgo says which exchanges close, and at what hours others trade', () => {
    const at = (text: string) => Date.parse(`${text}+05:30`);
    const day = (date: string, description: string, rest: object) => ({ date, description, ...rest });
    const text = JSON.stringify({
      status: 'success',
      data: [
        day('2027-01-26', 'Republic Day', {
          holiday_type: 'TRADING_HOLIDAY',
          closed_exchanges: ['NSE', 'NFO', 'CDS', 'MCX'],
        }),
        day('2027-02-19', 'Shivaji Jayanti', { holiday_type: 'TRADING_HOLIDAY', closed_exchanges: ['CDS'] }),
        day('2027-03-22', 'Holi', {
          holiday_type: 'TRADING_HOLIDAY',
          closed_exchanges: ['NSE', 'NFO'],
          open_exchanges: [{ exchange: 'MCX', start_time: at('2027-03-22T17:00'), end_time: at('2027-03-22T23:30') }],
        }),
        day('2027-04-01', 'Bank closing', { holiday_type: 'SETTLEMENT_HOLIDAY', closed_exchanges: [] }),
      ],
    });
    expect(daysOf(text)).toEqual(TWO);
    expect(understood(text).passed.map(({ why }) => why)).toEqual(['other_market', 'settlement']);
    expect(daysOf(text, 'currency')).toEqual(['2027-01-26 Republic Day', '2027-02-19 Shivaji Jayanti']);
    expect(understood(text, 'mcx').list.days[1]).toMatchObject({ kind: 'trading', hours: { from: { hour: 17 } } });
  });

  it('of MCX may have its hours above its columns', () => {
    const head = 'Holiday | Date | Day | Morning Session (9:00 AM to 5:00 PM) | Evening Session (5:00 PM to 11:30 PM)';
    const { list } = understood(`${head}\nHoli | March 22, 2027 | Monday | Closed | Open`, 'mcx');
    expect(list.days).toMatchObject([{ date: '2027-03-22', kind: 'trading', hours: { from: { hour: 17 } } }]);
  });

  it('of MCX may name the hours of a session that trades', () => {
    const { list } = understood('22-Mar-2027 Holi CLOSED 5:00 PM - 11:30 PM', 'mcx');
    expect(list.days).toMatchObject([{ name: 'Holi', kind: 'trading', hours: { from: { hour: 17 } } }]);
  });

  it.each([
    ['words around both', '22-Mar-2027 Holi, morning session: closed, evening session: open'],
    [
      'a half called a holiday',
      '[{"date":"2027-03-22","name":"Holi","morning_session":"Holiday","evening_session":"Open"}]',
    ],
    [
      'names of another program',
      '[{"date":"2027-03-22","name":"Holi","morningSession":"Closed","eveningSession":"Open"}]',
    ],
  ])('of commodities keeps the evening: %s', (_, text) =>
    expect(understood(text, 'mcx').list.days).toMatchObject([
      { name: expect.stringMatching(/^Holi/), kind: 'trading', hours: { from: { hour: 17 } } },
    ]),
  );

  it.each([
    ['22-Mar-2027 Holi - evening session open', 'speaks of one session'],
    ['22-Mar-2027 Holi (closed till 5 PM)', 'speaks of one session'],
    ['Date\tHoliday\tNSE\tMCX\n22-Mar-2027\tHoli\tClosed\tEvening', 'speaks of one session'],
    ['Date\tHoliday\tMorning session\tEvening session\n22-Mar-2027\tHoli\t✗\t✓', 'speaks of one session'],
    ['Date,Holiday,Morning,Evening\n22-Mar-2027,Holi,N,Y', 'speaks of one session'],
    ['[{"date":"2027-03-22","morning_session":true,"evening_session":false}]', 'an entry that is no day'],
  ])('of commodities is not guessed: %s', (text, message) => {
    const read = readHolidays(text, 'mcx');
    expect(read.ok ? [] : read.problems).toMatchObject([{ message: expect.stringContaining(message) }]);
  });

  it('of commodities is that of the key', () =>
    expect(daysOf('{"equity":["2027-01-26"],"commodity":["2027-04-14"]}', 'mcx')).toEqual(['2027-04-14']));

  it('makes no holiday of a day on which only other exchanges trade at special hours', () => {
    const exchange = (name: string) => ({ exchange: name, start_time: 1825042500000, end_time: 1825046100000 });
    const special = { holiday_type: 'SPECIAL_TIMING', closed_exchanges: [], open_exchanges: [exchange('MCX')] };
    const text = JSON.stringify([
      { date: '2027-01-26', description: 'Republic Day' },
      { date: '2027-11-01', description: 'Evening', ...special },
    ]);
    expect(daysOf(text)).toEqual(['2027-01-26 Republic Day']);
    expect(understood(text).passed).toEqual([{ text: '2027-11-01 Evening', why: 'other_market' }]);
  });

  it('of one day says nothing of the rest of its year', () =>
    expect(understood('26-Jan-2027 Republic Day').list.through).toBeNull());

  it.each<[text: string, field: string, message: string]>([
    ['', 'list', 'holds no day'],
    ['Holidays', 'list', 'holds no day'],
    ['[]', 'list', 'holds no day'],
    ['{"CM":[{"tradingDate":"01-Mar-2027"}],"FO":[{"tradingDate":"26-Jan', 'list', 'JSON that breaks off'],
    ['2027-01-26\n31-Feb-2027 Nothing', 'line.2', 'holds no day like'],
    ['2027-13-01', 'line.1', 'holds no day like'],
    ['tomorrow at 9', 'line.1', 'holds no day like'],
    ['26-Jan-2027 Monday Republic Day', 'line.1', 'names a weekday that 2027-01-26 is not'],
    ['January 26 Republic Day', 'line.1', 'without its year'],
    ['26 Jan Republic Day\nHolidays 2027\nHolidays 2028\n© 2026', 'line.1', 'without its year'],
    ['The holiday of 27-May-2027 is shifted to 28-May-2027', 'line.1', 'tells of a change'],
    ['28-May-2027 Bakri Id instead of 27-May-2027', 'line.1', 'tells of a change'],
    ['2027-01-26\n15-Apr-2027 Foo (cancelled)', 'line.2', 'tells of a change'],
    ['~~15-Apr-2027 Foo~~', 'line.1', 'tells of a change'],
    ['All Saturdays except 06-Feb-2027', 'line.1', 'tells of a change'],
    ['2027-01-26\n15-Apr-2027 Foo: not observed', 'line.2', 'tells of a change'],
    ['14-Apr-2027 Ambedkar Jayanti (MCX)', 'list', 'of other markets only'],
    ['let h = {"FO":[{"tradingDate":"26-Jan-2027"}],"CD":[{"tradingDate":"19-Fe', 'list', 'JSON that breaks off'],
    ['[{"tradingDate":"26-Jan-2027"},{"tradingDate":"19-Fe', 'list', 'JSON that breaks off'],
    ['closed on 26 December and 01 January 2028', 'line.1', 'without its year'],
    ['26/27 January 2027 Foo', 'line.1', 'holds no day like'],
    ['26, 27 January 2027 Foo', 'line.1', 'holds no day like'],
    ['26 or 27 January 2027 Foo', 'line.1', 'holds no day like'],
    ['<ul><li>26-Jan-2027</li><li><del>22-Mar-2027</del> Holi</li></ul>', 'line.2', 'tells of a change'],
    ['Circular of the 26th of 2027', 'line.1', 'holds no day like'],
    ['2027\nJanuary 26-27 Foo', 'line.2', 'holds no day like'],
    ['2027\nJanuary 26, 28 Foo', 'line.2', 'holds no day like'],
    ['26-27 January 2027 Foo', 'line.1', 'holds no day like'],
    ['[{"date":"31-Feb-2027","name":"Nothing"}]', 'list', 'holds no day like'],
    ['[{"date":"soon","name":"Nothing"}]', 'list', 'an entry that is no day'],
    ['["2027-01-26","soon"]', 'list', 'an entry that is no day'],
    [
      Array.from({ length: 401 }, (_, at) => new Date(Date.UTC(2027, 0, 1 + at)).toISOString().slice(0, 10)).join('\n'),
      'list',
      'at most 400',
    ],
  ])('%j is refused: %s', (text, field, message) => {
    const read = readHolidays(text, 'nse-fo');
    expect(read.ok ? [] : read.problems).toMatchObject([{ field, message: expect.stringContaining(message) }]);
  });

  const day = fc.integer({ min: 0, max: 1_000 }).map((at) => new Date(Date.UTC(2027, 0, 1 + at)));
  const FORMS: ((at: Date) => string)[] = [
    (at) => at.toISOString().slice(0, 10),
    (at) =>
      at
        .toLocaleDateString('en-GB', { day: '2-digit', month: 'short', year: 'numeric', timeZone: 'UTC' })
        .replaceAll(' ', '-'),
    (at) =>
      at.toLocaleDateString('en-US', {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        timeZone: 'UTC',
      }),
    (at) => at.toLocaleDateString('en-GB', { timeZone: 'UTC' }),
    (at) => at.toUTCString().slice(0, 16),
  ];
  it('loses no day and invents none, whatever the form', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(day, { minLength: 1, maxLength: 30, selector: Number }),
        fc.constantFrom(...FORMS),
        (days, form) => {
          const dates = days.map((at) => at.toISOString().slice(0, 10)).sort();
          expect(daysOf(days.map(form).join('\n'))).toEqual(dates);
        },
      ),
    ));

  it('is taken in beside the person’s own days, and the same list twice is one', () => {
    const { list } = understood('26-Jan-2027 Republic Day\n22-Mar-2027 Holi');
    const own = (date: string) => ({ date, kind: 'trading' as const, name: '', hours: null });
    const once = addDays({ days: [own('2027-01-26'), own('2027-02-01')], through: null }, list);
    expect(once.days.map(({ date, kind }) => `${date} ${kind}`)).toEqual([
      '2027-01-26 holiday',
      '2027-02-01 trading',
      '2027-03-22 holiday',
    ]);
    expect(addDays(once, list)).toEqual(once);
  });
});
