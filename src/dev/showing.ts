import type { ServerResponse } from 'node:http';
import type { StoredObject } from '../model/original.js';
import { eventStream } from './event-stream.js';
import type { Gallery, Shown } from './gallery.js';
import type { Places } from './places.js';

/** The originals that a page shows at first, the newest. */
const MOST_SHOWN = 60;

/** How soon pages are told of what has changed, in milliseconds. What happens to one original meanwhile is told once. */
const SOON = 60;

/** Keeps the open pages up to date. */
export interface Showing {
  /** A page has come. */
  add(page: ServerResponse): Promise<void>;
  /** Something has changed about this original. */
  touch(key: string): void;
  close(): void;
}

/** @param present all originals */
export function showOn(gallery: Gallery, { specs, originals, variants }: Places, present: () => readonly StoredObject[]): Showing {
  const stream = eventStream();
  /** Pages that are told at this moment how things are: what changes meanwhile they hear afterwards. */
  const coming = new Set<Promise<void>>();
  const touched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const look = (key: string): Promise<Shown | undefined> => gallery.look(key).catch(() => undefined);

  const welcome = async (page: ServerResponse): Promise<void> => {
    const newest = [...present()].sort((a, b) => b.lastModified - a.lastModified).slice(0, MOST_SHOWN);
    const shown = await Promise.all(newest.map(({ key }) => look(key)));
    stream.add(page, 'all', {
      originals: shown.filter((original) => original !== undefined),
      count: present().length,
      specs: specs.map(({ name, width, height, fit }) => ({ name, width, height, fit })),
      folders: { originals: originals.location, variants: variants.location },
    });
  };

  const tellAll = async (): Promise<void> => {
    await Promise.allSettled(coming);
    for (const key of touched) {
      touched.delete(key);
      const shown = await look(key);
      const count = present().length;
      if (shown === undefined) stream.tell('removed', { key, count });
      else stream.tell('original', { original: shown, count });
    }
    timer = undefined;
  };

  return {
    async add(page) {
      const welcoming = welcome(page);
      coming.add(welcoming);
      await welcoming.finally(() => coming.delete(welcoming));
    },

    touch(key) {
      if (!stream.hasListeners && coming.size === 0) return;
      touched.add(key);
      timer ??= setTimeout(() => void tellAll(), SOON).unref();
    },

    close: () => stream.close(),
  };
}
