/**
 * The most paths of one invalidation: so many are free in a month (AWS, "Amazon CloudFront pricing", 2026).
 */
export const MOST_PATHS = 1000;

/**
 * How many of them may end in a wildcard: CloudFront works on no more at one time.
 * Source: Amazon CloudFront Developer Guide, "Quotas", invalidations.
 */
export const MOST_WILDCARDS = 15;

/** Files and folders that are remembered one by one, whatever the number of those that are added. */
const MOST_KEPT = 50_000;

export interface FoldedPaths {
  /** Each as CloudFront takes it: encoded, with a `/` in front; those that end in `*` stand for all that begin so. */
  readonly paths: readonly string[];
  readonly wildcards: number;
}

interface Folder {
  /** With a slash at its end; empty at the root. */
  readonly prefix: string;
  readonly folders: Map<string, Folder>;
  readonly files: Set<string>;
  /** All that was added at or below it. */
  count: number;
  /** Whether it is only counted any more what is in it. */
  closed: boolean;
}

/**
 * What CloudFront is to forget. As long as they are few, paths stand for themselves; else as few folders as can be become
 * wildcards, the fullest ones, so that it stays free. Memory is bounded, whatever is added.
 */
export class ReplacedPaths {
  readonly #root = emptyFolder('');
  #kept = 0;

  get count(): number {
    return this.#root.count;
  }

  /** Files and folders that are remembered one by one. */
  get kept(): number {
    return keptBelow(this.#root);
  }

  /** @param path relative to the root, as it is stored: not encoded, with `/` between folders */
  add(path: string): void {
    const names = path.split('/');
    const file = names.pop() ?? '';
    const folder = this.#enter(names);
    if (!folder.closed && !folder.files.has(file)) {
      folder.files.add(file);
      this.#kept += 1;
    }
    if (this.#kept > MOST_KEPT) this.#closeDeepest();
  }

  /** Everything below, as what was replaced there is not known. @param prefix empty, or with a slash at its end */
  addFolder(prefix: string): void {
    this.#close(this.#enter(prefix.split('/').slice(0, -1)));
    if (this.#kept > MOST_KEPT) this.#closeDeepest();
  }

  /** @param base the URL path of the root, with a slash at its end */
  fold(base: string): FoldedPaths {
    let wildcards = [this.#root];
    const exact: string[] = [];
    /** Those that cannot be divided within what is allowed. */
    const whole = new Set<Folder>();
    for (;;) {
      const folder = largest(wildcards.filter((candidate) => !candidate.closed && !whole.has(candidate)));
      if (folder === undefined) break;
      const others = wildcards.filter((other) => other !== folder);
      const children = [...folder.folders.values()].sort((a, b) => b.count - a.count);
      const room = MOST_WILDCARDS - others.length;
      const [kept, loose] = [children.slice(0, room), children.slice(room)];
      const files = [...folder.files].map((file) => folder.prefix + file);
      const mayOpen = loose.every(isOpen) && others.length + kept.length + exact.length + files.length + countOf(loose) <= MOST_PATHS;
      if (!mayOpen) whole.add(folder);
      else {
        exact.push(...files, ...loose.flatMap(filesBelow));
        wildcards = [...others, ...kept];
      }
    }
    for (const folder of [...wildcards].sort((a, b) => a.count - b.count)) {
      const files = isOpen(folder) ? filesBelow(folder) : [];
      if (files.length === 0 || wildcards.length - 1 + exact.length + files.length > MOST_PATHS) continue;
      exact.push(...files);
      wildcards = wildcards.filter((other) => other !== folder);
    }
    if (this.count === 0) return { paths: [], wildcards: 0 };
    const paths = [...exact.map((path) => base + encoded(path)), ...wildcards.map(({ prefix }) => `${base}${encoded(prefix)}*`)];
    return { paths: paths.sort(), wildcards: wildcards.length };
  }

  /** Goes down to this folder, or to the one above it that is closed; one more is counted all the way. */
  #enter(names: readonly string[]): Folder {
    let folder = this.#root;
    folder.count += 1;
    for (const name of names) {
      if (folder.closed) break;
      folder = this.#folderIn(folder, name);
      folder.count += 1;
    }
    return folder;
  }

  #folderIn(parent: Folder, name: string): Folder {
    const known = parent.folders.get(name);
    if (known !== undefined) return known;
    const folder = emptyFolder(`${parent.prefix}${name}/`);
    parent.folders.set(name, folder);
    this.#kept += 1;
    return folder;
  }

  /** Forgets single paths level by level, from the deepest folders up, until there is room again. */
  #closeDeepest(): void {
    while (this.#kept > MOST_KEPT / 2) {
      const open: { folder: Folder; depth: number }[] = [];
      const visit = (folder: Folder, depth: number): void => {
        if (folder.closed) return;
        open.push({ folder, depth });
        for (const child of folder.folders.values()) visit(child, depth + 1);
      };
      visit(this.#root, 0);
      const deepest = open.reduce((most, { depth }) => Math.max(most, depth), 0);
      for (const { folder, depth } of open) if (depth === deepest) this.#close(folder);
      if (deepest === 0) return;
    }
  }

  #close(folder: Folder): void {
    this.#kept -= keptBelow(folder);
    folder.files.clear();
    folder.folders.clear();
    folder.closed = true;
  }
}

function emptyFolder(prefix: string): Folder {
  return { prefix, folders: new Map(), files: new Set(), count: 0, closed: false };
}

function largest(folders: readonly Folder[]): Folder | undefined {
  return folders.reduce<Folder | undefined>((most, folder) => (most === undefined || folder.count > most.count ? folder : most), undefined);
}

function isOpen(folder: Folder): boolean {
  return !folder.closed && [...folder.folders.values()].every(isOpen);
}

/** How much is remembered in it, without itself. */
function keptBelow(folder: Folder): number {
  return [...folder.folders.values()].reduce((sum, child) => sum + 1 + keptBelow(child), folder.files.size);
}

function filesBelow(folder: Folder): string[] {
  const own = [...folder.files].map((file) => folder.prefix + file);
  return [...own, ...[...folder.folders.values()].flatMap(filesBelow)];
}

function countOf(folders: readonly Folder[]): number {
  return folders.reduce((sum, folder) => sum + filesBelow(folder).length, 0);
}

/** Of a prefix in a bucket, which is delivered as it is. */
export function urlPath(prefix: string): string {
  return `/${encoded(prefix)}`;
}

/**
 * What is not ASCII, or unsafe by RFC 1738, is encoded: were anything else, CloudFront would not forget what it has. So is what
 * would mean something else in a path: `?` and `#`, a `*` of a key's own, which is no wildcard, and `+`, which S3 takes for a space.
 * Source: Amazon CloudFront Developer Guide, "What you need to know when invalidating files".
 */
function encoded(path: string): string {
  return encodeURI(path).replace(/[?#+*~]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
