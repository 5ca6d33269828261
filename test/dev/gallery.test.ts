import { describe, expect, test } from 'vitest';
import { openGallery } from '../../src/dev/gallery.js';
import { Failure } from '../../src/model/failure.js';
import { parseLayout } from '../../src/model/layout.js';
import type { StoredObject } from '../../src/model/original.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { spec } from '../support.js';

const ORIGINAL: StoredObject = { key: 'a.jpg', size: 7, lastModified: 2_000, etag: 'e' };

/** A store with this alone in it; a Failure where it cannot be looked at. */
function holding(object: StoredObject | Failure): Store {
  const stat = async (): Promise<StoredObject> => {
    if (object instanceof Failure) throw object;
    return object;
  };
  return { ...memoryStore('m'), stat };
}

function galleryWith({ variant = ORIGINAL, backup = ORIGINAL }: { variant?: StoredObject | Failure; backup?: StoredObject | Failure }) {
  const specs = [spec('small')];
  const places = { originals: holding(ORIGINAL), variants: holding(variant), backup: holding(backup), specs, layout: parseLayout('{variant}/{path}', ['small']) };
  return openGallery(places, new Map());
}

describe('an original of which nothing is missing', () => {
  test('has its variants and its backup', async () => {
    expect(await galleryWith({}).isComplete(ORIGINAL)).toBe(true);
  });

  test.each([
    ['a variant of what was there before', { variant: { ...ORIGINAL, lastModified: 1_000 } }],
    ['a backup of what was there before', { backup: { ...ORIGINAL, lastModified: 1_000 } }],
    ['a backup of another size', { backup: { ...ORIGINAL, size: 8, lastModified: 3_000 } }],
    ['a variant that cannot be looked at', { variant: new Failure('access-denied', 'EACCES') }],
    ['a backup that cannot be looked at', { backup: new Failure('access-denied', 'EACCES') }],
  ])('is none with %s', async (_, held) => {
    expect(await galleryWith(held).isComplete(ORIGINAL)).toBe(false);
  });
});

test('a dead letter of one function is told beside trouble of the other, and not beside trouble of its own', async () => {
  const gallery = galleryWith({});
  gallery.hear({ type: 'failed', function: 'resize', original: 'a.jpg', variant: null, code: 'corrupt-image', detail: '', retryable: false });
  gallery.hear({ type: 'dead-letter', function: 'resize', original: 'a.jpg', cause: 'SIGKILL' });
  gallery.hear({ type: 'dead-letter', function: 'backup', original: 'a.jpg', cause: 'SIGKILL' });
  expect((await gallery.look('a.jpg'))?.troubles).toMatchObject([{ function: 'resize', code: 'corrupt-image' }, { function: 'backup', code: 'dead-letter' }]);
});
