import { expect, test } from 'vitest';
import { fingerprintOf } from '../../src/model/fingerprint.js';
import type { Spec } from '../../src/model/spec.js';
import { spec } from '../support.js';

test('a fingerprint is what it always was: a change of it would make every variant again', () => {
  expect(fingerprintOf(spec('small'))).toBe('ce37df1b19ecec41');
});

test('neither the name nor HTTP headers nor the order of words change it', () => {
  const one = spec('small', { keep: ['icc', 'exif'] });
  expect(fingerprintOf({ ...one, name: 'other', cacheControl: 'max-age=1', keep: ['exif', 'icc'] })).toBe(fingerprintOf(one));
});

test('a default that is written out is no change, nor is what has no effect', () => {
  const same = (one: Partial<Spec>, other: Partial<Spec>) => expect(fingerprintOf(spec('s', one))).toBe(fingerprintOf(spec('s', other)));
  same({ format: 'jpeg' }, { format: 'jpeg', quality: 80 });
  same({ format: 'avif' }, { format: 'avif', quality: 50 });
  same({ format: 'webp', lossless: true }, { format: 'webp', lossless: true, quality: 30 });
  same({ fit: 'inside' }, { fit: 'inside', position: 'north' });
  same({ format: 'webp' }, { format: 'webp', effort: 4 });
  same({ format: 'avif' }, { format: 'avif', effort: 4 });
  same({ format: 'png' }, { format: 'png', effort: 7 });
  expect(fingerprintOf(spec('s', { fit: 'cover' }))).not.toBe(fingerprintOf(spec('s', { fit: 'cover', position: 'north' })));
});

test.each<[keyof Spec, Partial<Spec>]>([
  ['width', { width: 101 }],
  ['height', { height: null }],
  ['fit', { fit: 'cover' }],
  ['background', { background: '#000000' }],
  ['format', { format: 'webp' }],
  ['quality', { quality: 81 }],
  ['lossless', { lossless: true }],
  ['effort', { effort: 3 }],
  ['progressive', { progressive: true }],
  ['enlarge', { enlarge: true }],
  ['keep', { keep: ['icc'] }],
  ['animated', { animated: false }],
])('another %s changes it', (_, change) => {
  expect(fingerprintOf(spec('small', change))).not.toBe(fingerprintOf(spec('small')));
});
