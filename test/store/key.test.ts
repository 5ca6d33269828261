import { expect, test } from 'vitest';
import { checkKey } from '../../src/store/key.js';

test.each(['.imgvar', '.imgvar/lock', '.IMGVAR', '.IMGVAR/x', '.ImgVar/backup/lock/9'])('%s is kept for imgvar itself, as some disks do not tell upper from lower case', (key) => {
  expect(() => checkKey(key)).toThrow(expect.objectContaining({ code: 'invalid-key' }));
});

test.each(['.imgvarish/a', 'sub/.IMGVAR/a', 'imgvar', '.IMG'])('%s is a key', (key) => {
  expect(() => checkKey(key)).not.toThrow();
});
