/** Text for people: every key and every number that is shown goes through here. */

/** Control characters, line separators, and what reorders text. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * A key as it may be shown in a terminal. Keys are chosen by strangers: control characters (which can rewrite a screen)
 * and those that reorder text are shown as escapes.
 */
export function showKey(key: string): string {
  return key.replace(CONTROL, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return escaped(character);
  });
}

/** One line of JSON, the same value to whoever reads it. What JSON itself leaves as it is, a terminal may follow as well. */
export function showJson(value: object): string {
  return JSON.stringify(value).replace(CONTROL, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** 1234567 -> "1,234,567". */
export function showCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** "1 original", "2 originals". */
export function plural(count: number, noun: string): string {
  return `${showCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** In binary units, as storage is billed: "512 B", "1.4 MiB". */
export function showBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** "0.8 s", "42 s", "3 min 5 s", "2 h 10 min". */
export function showDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Per second, with a digit behind the point below 100. */
export function showRate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(1) : showCount(Math.round(perSecond));
}

/** "$27.50", "$1,234.56"; below a dollar with two digits that say something: "$0.0016". */
export function showUsd(usd: number): string {
  if (usd === 0) return '$0';
  if (usd >= 0.995) return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  const digits = Math.min(12, Math.max(2, 1 - Math.floor(Math.log10(usd))));
  return `$${usd.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** Whole where it is large, with two digits behind the point below a hundred. */
export function showQuantity(quantity: number): string {
  if (Number.isInteger(quantity) || quantity >= 100) return showCount(Math.round(quantity));
  return quantity < 0.01 ? quantity.toPrecision(1) : quantity.toFixed(2);
}
