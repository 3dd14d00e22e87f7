/** What editors, mail programs and web pages put into a text where nobody sees it; for `replaceAll`. */
export const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
