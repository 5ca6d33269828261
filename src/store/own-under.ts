import type { OwnFiles } from './own-files.js';

/** Files of imgvar's own in a folder of these, so that two kinds of runs do not meet. @param folder with a slash at its end */
export function ownUnder(own: OwnFiles, folder: string): OwnFiles {
  return {
    location: own.location + folder,
    clockStep: own.clockStep,
    get requests() {
      return own.requests;
    },
    read: (name) => own.read(folder + name),
    write: (name, bytes) => own.write(folder + name, bytes),
    create: (name, bytes) => own.create(folder + name, bytes),
    list: async (prefix) => (await own.list(folder + prefix)).map((name) => name.slice(folder.length)),
    remove: (name) => own.remove(folder + name),
  };
}
