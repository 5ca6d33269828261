import path from 'node:path';
import type { Config } from '../config/load.js';
import { parseLayout } from '../model/layout.js';
import type { LiveEvent } from '../model/live-event.js';
import type { StoredObject } from '../model/original.js';
import { folderStore } from '../store/folder.js';
import { refuseOverlap } from '../store/overlap.js';
import { beginEras } from './eras.js';
import { openFunctions } from './functions.js';
import { openGallery } from './gallery.js';
import { notificationOf } from './notification.js';
import { loadPage } from './page.js';
import type { Places } from './places.js';
import { listen } from './server.js';
import { showOn } from './showing.js';
import { watchUploads, type Uploads } from './uploads.js';

export interface DevSettings {
  /** An absolute path: `originals`, `variants` and `backup` are in it. */
  readonly folder: string;
  /** Of the config, what is made and what is accepted; where things are is said by the folder. */
  readonly config: Config;
  /** Of this imgvar. */
  readonly version: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Execution environments of the resize function. */
  readonly concurrency: number;
  /** Inherited by the functions' processes. */
  readonly env: NodeJS.ProcessEnv;
  /** Take the variants that exist as made by the present specs. */
  readonly adopt: boolean;
  readonly onEvent: (event: LiveEvent) => void;
}

export interface Dev {
  /** Never ends, but for a bug: then it throws that. */
  readonly failed: Promise<never>;
  /** Lets what is under way end. */
  close(): Promise<void>;
  /** Ends everything at once. */
  kill(): void;
}

/**
 * The live system, on this machine: what comes into the folder of originals is told to both functions, and what they make is
 * delivered.
 * @throws UserError
 */
export async function startDev(settings: DevSettings): Promise<Dev> {
  const { config, port } = settings;
  let onError: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (onError = reject));
  // Whoever awaits it meets it; until then it must not pass for one that nobody awaits.
  failed.catch(() => undefined);
  const places = await openPlaces(settings);
  const gallery = openGallery(places, await beginEras(places, config, settings.adopt));
  const showing = showOn(gallery, places, () => uploads.present());
  const tell = (event: LiveEvent): void => {
    gallery.hear(event);
    settings.onEvent(event);
    if (event.type !== 'dev') showing.touch(event.original);
  };
  const functions = await openFunctions(settings, places, tell);

  const onUpload = (object: StoredObject): void => {
    const { key, size } = object;
    tell({ type: 'uploaded', original: key, bytes: size });
    const event = notificationOf(object);
    for (const { name, run } of functions) {
      gallery.work(key, 1);
      const onFailed = (cause: string, isLast: boolean): void => tell({ type: isLast ? 'dead-letter' : 'redelivery', function: name, original: key, cause });
      void run.deliver(event, onFailed).catch(onError).finally(() => {
        gallery.work(key, -1);
        showing.touch(key);
      });
    }
  };

  const uploads: Uploads = watchUploads({
    originals: places.originals,
    onUpload,
    isNew: async (object) => !(await gallery.isComplete(object)),
    onRemoved: (key) => tell({ type: 'removed', original: key }),
    onError,
  });
  const page = await loadPage();
  const receiving = { originals: places.originals, maxBytes: config.limits.bytes, onUpload: uploads.announce };
  const kill = (): void => functions.forEach(({ run }) => run.kill());
  try {
    await uploads.started;
    const { server, url } = await listen(port, { ...receiving, places, page, onListener: showing.add, onError });
    tell({
      type: 'dev',
      url,
      originals: places.originals.location,
      variants: places.variants.location,
      backup: places.backup.location,
      specs: config.specs.map(({ name }) => name),
    });
    return {
      failed,
      async close() {
        uploads.close();
        showing.close();
        server.close();
        server.closeIdleConnections();
        await Promise.all(functions.map(({ run }) => run.close()));
        server.closeAllConnections();
      },
      kill,
    };
  } catch (error) {
    uploads.close();
    showing.close();
    kill();
    throw error;
  }
}

async function openPlaces({ folder, config }: DevSettings): Promise<Places> {
  const at = (name: string): string => path.join(folder, name);
  await refuseOverlap({ kind: 'folder', path: at('originals') }, { kind: 'folder', path: at('variants') });
  const stores = { originals: folderStore(at('originals')), variants: folderStore(at('variants')), backup: folderStore(at('backup')) };
  for (const store of Object.values(stores)) await store.check('write');
  return { ...stores, layout: parseLayout(config.layout, config.specs.map(({ name }) => name)), specs: config.specs };
}
