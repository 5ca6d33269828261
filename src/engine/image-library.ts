import type { Library } from '../image/formats.js';

/** The image library as workers will find it; null where it cannot be loaded at all. */
export async function imageLibrary(): Promise<Library | null> {
  try {
    const { libraryFormats } = await import('../image/formats.js');
    return await libraryFormats();
  } catch {
    return null;
  }
}
