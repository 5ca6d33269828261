import type { Format } from './spec.js';

/** What keys may get at their very end, so that their extension tells what is in them. */
export const ADDED = { jpeg: '.jpg', webp: '.webp', avif: '.avif', png: '.png' } as const;

/** Extensions that stay with format `original`: the web can show what is in them, or there is none. */
const SHOWN_ON_THE_WEB = ['jpg', 'jpeg', 'jfif', 'png', 'webp', 'avif', 'gif', ''];

/** What follows the last dot of the last segment, in lower case; '' unless there is text on both sides of the dot. */
export function extensionOf(key: string): string {
  const file = key.slice(key.lastIndexOf('/') + 1);
  const dot = file.lastIndexOf('.');
  return dot <= 0 ? '' : file.slice(dot + 1).toLowerCase();
}

/** The format that a key's extension stands for, among those that can be added; null for any other. */
export function formatOf(key: string): keyof typeof ADDED | null {
  const extension = extensionOf(key);
  if (extension === 'jpg' || extension === 'jpeg' || extension === 'jfif') return 'jpeg';
  return extension === 'webp' || extension === 'avif' || extension === 'png' ? extension : null;
}

/** What is added to the key that a layout gives for an original: '' or e.g. '.webp'. */
export function addedExtension(original: string, plainKey: string, format: Format): string {
  if (format === 'original' && SHOWN_ON_THE_WEB.includes(extensionOf(original))) return '';
  const wanted = format === 'original' ? 'jpeg' : format;
  return formatOf(plainKey) === wanted ? '' : ADDED[wanted];
}
