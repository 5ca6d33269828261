import type { Side } from './sides.js';

/** What was done to variants that were all right, by what it should be found as. */
export interface Planted {
  /** `code key`, in order. */
  readonly found: readonly string[];
  /** Of these, what only their content tells. */
  readonly hidden: readonly string[];
}

const other = Buffer.from('not a picture');

/**
 * Spoils variants of `small` and `web` in a layout `{variant}/{path}`, made from originals `0.jpg`, `1.jpg` and so on.
 *
 * @param v with time for originals to be newer; see Side.age
 * @param photo another original's content
 */
export async function plantDamage(o: Side, v: Side, photo: Buffer): Promise<Planted> {
  const keys = await v.keys();
  const of = (n: number): string => keys.find((key) => key.startsWith(`small/${n}.`)) ?? '';
  const web = (n: number): string => keys.find((key) => key.startsWith(`web/${n}.`)) ?? '';
  const found: string[] = [];
  const hidden: string[] = [];
  // Content first: what is written later is newer than its original all the same.
  const truncated = await v.read(of(1));
  await v.put(of(1), truncated.subarray(0, Math.floor(truncated.length / 2)));
  hidden.push(`variant-corrupt ${of(1)}`);
  await v.put(of(2), await v.read(web(2)));
  hidden.push(`wrong-format ${of(2)}`);
  await v.put(of(3), await o.read('3.jpg'));
  hidden.push(`wrong-size ${of(3)}`);
  await v.put(of(4), other);
  hidden.push(`variant-corrupt ${of(4)}`);
  for (const key of [of(5), web(5), web(6)]) {
    await v.remove(key);
    found.push(`missing ${key}`);
  }
  await o.put('7.jpg', photo);
  found.push(`original-newer ${of(7)}`, `original-newer ${web(7)}`);
  await o.remove('8.jpg');
  found.push(`original-gone ${of(8)}`, `original-gone ${web(8)}`);
  await v.put('notes.txt', other);
  await v.put('elsewhere/0.jpg', other);
  found.push('foreign notes.txt', 'foreign elsewhere/0.jpg');
  return { found: found.sort(), hidden: hidden.sort() };
}
