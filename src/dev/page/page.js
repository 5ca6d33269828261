
/**
 * The page: what the server tells becomes one article for each original. Everything that strangers chose (names, messages) is
 * set as text, never as HTML.
 *
 * @typedef {{ name: string, width: number | null, height: number | null, fit: string }} Spec
 * @typedef {{ name: string, key: string, path: string, bytes: number | null, etag: string | null, isCurrent: boolean }} Variant
 * @typedef {{ function: string, variant: string | null, code: string, message: string }} Trouble
 * @typedef {{ key: string, path: string, bytes: number, lastModified: number, etag: string, isWorkedOn: boolean,
 *   variants: Variant[], isBackedUp: boolean, troubles: Trouble[] }} Original
 * @typedef {{ originals: Original[], count: number, specs: Spec[], folders: { originals: string, variants: string } }} All
 */

/** Uploads under way at one time. */
const AT_ONCE = 3;

/** @type {Map<string, HTMLElement>} By the original's key. */
const articles = new Map();
/** @type {Map<string, Spec>} */
let specs = new Map();
/** How many originals there are; this page has no room for all of many. */
let count = 0;

/** @param {string} id @returns {HTMLElement} */
function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(id);
  return found;
}

/** @param {string} name @param {Record<string, string>} attributes @param {...(Node | string)} content */
function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...content);
  return made;
}

/** @param {number} count @param {string} noun */
function plural(count, noun) {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** What a spec asks for. @param {Spec | undefined} spec */
function asked(spec) {
  if (spec === undefined || (spec.width === null && spec.height === null)) return 'any size';
  return `${spec.fit} ${spec.width ?? '·'}×${spec.height ?? '·'}`;
}

/**
 * @param {string} name @param {string} state @param {string[]} lines
 * @param {{ path: string, etag: string, alt: string } | string} content an image, or why there is none
 */
function figure(name, state, lines, content) {
  const caption = element('figcaption', {}, element('strong', {}, name), ...lines.flatMap((line) => [line, element('br', {})]));
  const is = JSON.stringify([name, state, lines, content]);
  if (typeof content === 'string') return element('li', { 'data-is': is }, element('figure', { class: state }, element('div', { class: 'frame' }, content), caption));
  const image = /** @type {HTMLImageElement} */ (element('img', { alt: content.alt, loading: 'lazy', decoding: 'async' }));
  image.onload = () => caption.append(`${image.naturalWidth} × ${image.naturalHeight} px`);
  image.onerror = () => image.replaceWith('cannot be shown here');
  // By its content, so that what was replaced is not shown from memory.
  image.src = `${content.path}?${encodeURIComponent(content.etag)}`;
  const link = element('a', { class: 'frame', href: content.path, target: '_blank' }, image);
  return element('li', { 'data-is': is }, element('figure', { class: state }, link, caption));
}

/** @param {Variant} variant @param {Original} original */
function variantFigure({ name, path, bytes, etag, isCurrent }, { key, isWorkedOn, troubles }) {
  const lines = [asked(specs.get(name))];
  const trouble = troubles.find((each) => each.function === 'resize' && (each.variant === name || each.variant === null));
  const state = trouble !== undefined ? 'failed' : !isWorkedOn || isCurrent ? '' : 'waiting';
  if (bytes === null || etag === null) {
    return figure(name, state, lines, trouble?.code ?? (isWorkedOn ? 'being made' : 'missing'));
  }
  const age = isCurrent && trouble === undefined ? '' : ' old';
  return figure(name, `${state}${age}`, [...lines, size(bytes) + (age && ', out of date')], { path, etag, alt: `${name} of ${key}` });
}

/** @param {Original} original */
function article(original) {
  const { key, path, bytes, etag, lastModified, variants, isWorkedOn, isBackedUp, troubles } = original;
  const made = variants.filter(({ isCurrent }) => isCurrent);
  const together = made.reduce((sum, variant) => sum + (variant.bytes ?? 0), 0);
  const told = element('article', { 'aria-label': key, 'aria-busy': String(isWorkedOn), 'data-key': key });
  told.append(
    element(
      'div',
      {},
      element('h2', {}, element('bdi', {}, key)),
      element('p', {}, `${made.length} of ${plural(variants.length, 'variant')}, ${size(together)}`),
      isBackedUp ? element('p', { class: 'done' }, '✓ backed up') : element('p', {}, 'no backup yet'),
      element('p', {}, new Date(lastModified).toLocaleString()),
    ),
  );
  const words = troubles.map((each) => element('li', {}, element('strong', {}, `${each.variant ?? each.function}: ${each.code}`), ` ${each.message}`));
  if (words.length > 0) told.append(element('ul', { class: 'troubles' }, ...words));
  const first = figure('original', '', ['as uploaded', size(bytes)], { path, etag, alt: `The original ${key}` });
  told.append(element('ol', {}, first, ...variants.map((variant) => variantFigure(variant, original))));
  return told;
}

/** @param {Original} original */
function show(original) {
  const before = articles.get(original.key);
  const now = article(original);
  articles.set(original.key, now);
  // Whoever has just followed a link of it with the keyboard stays there.
  const focused = [...(before?.querySelectorAll('a') ?? [])].findIndex((link) => link === document.activeElement);
  // Figures that stay the same stay the elements that they are, so that nothing flickers.
  const kept = new Map([...(before?.querySelectorAll('li[data-is]') ?? [])].map((each) => [each.getAttribute('data-is'), each]));
  for (const each of now.querySelectorAll('li[data-is]')) each.replaceWith(kept.get(each.getAttribute('data-is')) ?? each);
  if (before === undefined) byId('originals').prepend(now);
  else before.replaceWith(now);
  if (focused >= 0) now.querySelectorAll('a')[focused]?.focus();
}

function summarize() {
  const working = [...articles.values()].filter((each) => each.getAttribute('aria-busy') === 'true').length;
  const hidden = count > articles.size ? `, of which the newest ${articles.size} are shown` : '';
  byId('summary').textContent = `${plural(count, 'original')}${hidden}${working > 0 ? `; ${working} in work` : ''}`;
  byId('empty').hidden = count > 0;
}

function listen() {
  const events = new EventSource('/events');
  events.addEventListener('all', ({ data }) => {
    /** @type {All} */
    const all = JSON.parse(data);
    specs = new Map(all.specs.map((spec) => [spec.name, spec]));
    articles.clear();
    byId('originals').replaceChildren();
    all.originals.reverse().forEach(show);
    count = all.count;
    byId('folder').textContent = all.folders.originals;
    summarize();
  });
  events.addEventListener('original', ({ data }) => {
    const { original, count: now } = JSON.parse(data);
    show(original);
    count = now;
    summarize();
  });
  events.addEventListener('removed', ({ data }) => {
    const { key, count: now } = JSON.parse(data);
    articles.get(key)?.remove();
    articles.delete(key);
    count = now;
    summarize();
  });
  events.onerror = () => (byId('summary').textContent = 'imgvar dev does not answer; is it still running?');
}

/** @param {File} file */
async function upload(file) {
  const line = element('li', {}, `Uploading ${file.name}, ${size(file.size)} …`);
  byId('uploads').append(line);
  try {
    const answer = await fetch(`/uploads/images/original/${encodeURIComponent(file.name)}`, { method: 'PUT', body: file });
    if (!answer.ok) throw new Error(await answer.text());
    line.remove();
  } catch (error) {
    line.className = 'failed';
    line.textContent = `${file.name} was not uploaded: ${error instanceof Error ? error.message : error}`;
  }
}

/** @param {FileList | null | undefined} list */
async function uploadAll(list) {
  const files = [...(list ?? [])];
  for (const line of document.querySelectorAll('#uploads .failed')) line.remove();
  const worker = async () => {
    for (let file = files.shift(); file !== undefined; file = files.shift()) await upload(file);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const input = /** @type {HTMLInputElement} */ (byId('files'));
input.addEventListener('change', () => {
  void uploadAll(input.files).then(() => (input.value = ''));
});

/** @param {DragEvent} event @param {boolean} isOver */
function dragged(event, isOver) {
  if (event.dataTransfer?.types.includes('Files') !== true) return;
  event.preventDefault();
  byId('drop').hidden = !isOver;
}
addEventListener('dragover', (event) => dragged(event, true));
addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) dragged(event, false);
});
addEventListener('drop', (event) => {
  dragged(event, false);
  void uploadAll(event.dataTransfer?.files);
});
listen();
