import type { Store } from './store.js';

/** The same store, but that nothing is ever written to it: to see what work takes. */
export function withoutWriting(store: Store): Store {
  return {
    location: store.location,
    own: store.own,
    get requests() {
      return store.requests;
    },
    region: () => store.region(),
    check: (access) => store.check(access),
    list: (prefix, options) => store.list(prefix, options),
    read: (key, maxBytes) => store.read(key, maxBytes),
    stat: (key) => store.stat(key),
    write: () => Promise.resolve(),
    delete: () => Promise.resolve(new Map()),
    keepsVersions: () => store.keepsVersions(),
  };
}
