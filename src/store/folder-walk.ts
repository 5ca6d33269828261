import { Failure } from '../model/failure.js';
import type { Listed, RefusedObject } from '../model/original.js';
import { isAbsent, readFailure } from './folder-error.js';
import { objectOf, regularFile } from './folder-file.js';
import { bytesOf, isFolderName, isNotUtf8, keyPart, namesIn, textOf, type NameBytes } from './folder-names.js';
import { checkLength, namesOfPrefix, pathOf, realFolder } from './folder-path.js';
import { OWN_FOLDER } from './key.js';
import { PAGE_LENGTH, type ListOptions } from './store.js';

/** A folder that is being walked. */
interface Folder {
  readonly path: string;
  /** What its keys begin with: empty, or ends in `/`. */
  readonly key: string;
  /** Still to be listed, the last one first. */
  readonly names: NameBytes[];
  /** Folders in it that are being read before their turn. */
  readonly ahead: Map<NameBytes, Promise<Folder | RefusedObject>>;
}

/**
 * Where folders are small, reading them one after the other is mostly waiting. After one of no more than SMALL names
 * the next few are read together, so that memory stays bound by the largest folders, and large ones come alone.
 */
const AHEAD = 8;
const SMALL = 200;

/** A name that may be a file's. It is looked at together with the others of its page. */
interface Candidate {
  readonly path: string;
  readonly key: string;
}

/** What is walked, and how. */
interface Walk {
  /** Whether temporary files are removed whose writers are gone. */
  readonly sweep: boolean;
  /** As bytes; what is not after it is left out, and folders that end before it are not read. */
  readonly after: NameBytes;
}

/**
 * Everything below a real root whose key starts with `prefix`; see Store.list. Held at one time are a page, and the
 * names still to come in the folders that lead to where the walk is.
 */
export async function* listFolder(
  root: string,
  prefix: string,
  { sweep = false, after = '' }: ListOptions,
): AsyncGenerator<readonly Listed[]> {
  const walk: Walk = { sweep, after: bytesOf(after) };
  const way: Folder[] = [];
  let page: (Candidate | RefusedObject)[] = [];
  let found: Folder | Candidate | RefusedObject | undefined = await firstFolder(root, prefix, walk);
  while (found !== undefined) {
    if ('names' in found) {
      way.push(found);
    } else if (page.push(found) === PAGE_LENGTH) {
      yield* looked(root, page);
      page = [];
    }
    const next = takeNext(way);
    if (next === undefined) break;
    found = isFolderName(next.name) ? await folderIn(next.folder, next.name, walk) : fileIn(next.folder, next.name);
  }
  yield* looked(root, page);
}

/** The next name in order, with its folder. Folders that are done are left. */
function takeNext(way: Folder[]): { readonly folder: Folder; readonly name: NameBytes } | undefined {
  for (let folder = way.at(-1); folder !== undefined; folder = way.at(-1)) {
    const name = folder.names.pop();
    if (name !== undefined) return { folder, name };
    way.pop();
  }
  return undefined;
}

/** The folder that holds everything that starts with the prefix. Others are not read. */
async function firstFolder(root: string, prefix: string, walk: Walk): Promise<Folder | RefusedObject | undefined> {
  try {
    const { folders, beginning } = namesOfPrefix(prefix);
    const path = await realFolder(root, folders);
    const start = bytesOf(beginning);
    const key = prefix.slice(0, prefix.length - beginning.length);
    const names = (await namesAfter(path, key, walk)).filter((name) => name.startsWith(start));
    return { path, key, names: (key === '' ? names.filter(isNotOwn) : names).reverse(), ahead: new Map() };
  } catch (error) {
    return isAbsent(error) ? undefined : refusedAs(prefix, error);
  }
}

function isNotOwn(name: NameBytes): boolean {
  return name !== OWN_FOLDER && name !== `${OWN_FOLDER}/`;
}

/** What is in a folder, in order, but for what is not after where the walk begins. @throws errno errors */
async function namesAfter(path: string, key: string, { sweep, after }: Walk): Promise<NameBytes[]> {
  const names = await namesIn(path, sweep);
  const folder = bytesOf(key);
  if (!after.startsWith(folder)) return folder > after ? names : [];
  const rest = after.slice(folder.length);
  return names.filter((name) => keyPart(name) > rest || (isFolderName(name) && rest.startsWith(name)));
}

async function folderIn(parent: Folder, name: NameBytes, walk: Walk): Promise<Folder | RefusedObject> {
  const inner = await (parent.ahead.get(name) ?? readFolder(parent, name, walk));
  parent.ahead.delete(name);
  if ('names' in inner && inner.names.length <= SMALL) {
    for (const next of parent.names.slice(-AHEAD).reverse()) {
      if (isFolderName(next) && !parent.ahead.has(next)) parent.ahead.set(next, readFolder(parent, next, walk));
    }
  }
  return inner;
}

async function readFolder(parent: Folder, name: NameBytes, walk: Walk): Promise<Folder | RefusedObject> {
  const text = textOf(name);
  const key = parent.key + text;
  const path = pathOf(parent.path, [text.slice(0, -1)]);
  try {
    checkLength(path);
    return { path, key, names: (await namesAfter(path, key, walk)).reverse(), ahead: new Map() };
  } catch (error) {
    // Gone since its parent was read: then there is nothing in it.
    return isAbsent(error) ? { path, key, names: [], ahead: new Map() } : refusedAs(key, error);
  }
}

function fileIn(parent: Folder, name: NameBytes): Candidate | RefusedObject {
  const text = textOf(name);
  const key = parent.key + text;
  if (isNotUtf8(name)) return { key, refused: 'invalid-key', detail: 'the name is not UTF-8' };
  return { key, path: pathOf(parent.path, [text]) };
}

/** What the names of one page stand for; those that are gone since are left out, with the page if it is empty. */
async function* looked(root: string, page: readonly (Candidate | RefusedObject)[]): AsyncGenerator<readonly Listed[]> {
  const listed = await Promise.all(page.map((found) => look(root, found)));
  const present = listed.filter((object) => object !== undefined);
  if (present.length > 0) yield present;
}

async function look(root: string, found: Candidate | RefusedObject): Promise<Listed | undefined> {
  if ('refused' in found) return found;
  try {
    const file = await regularFile(root, found.path);
    return file && objectOf(found.key, file.stats);
  } catch (error) {
    return refusedAs(found.key, error);
  }
}

/** @throws what is no Failure, and so a bug */
export function refusedAs(key: string, error: unknown): RefusedObject {
  const failure = readFailure(error);
  if (!(failure instanceof Failure)) throw failure;
  return { key, refused: failure.code, detail: failure.detail };
}
