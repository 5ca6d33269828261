import type { Preview } from '../model/preview.js';

/** The numbers of a preview, as a JSON line. */
export function previewJson({ original, bytes, specs }: Preview): object {
  return {
    type: 'preview',
    original,
    bytes,
    specs: specs.map(({ name, key, made, current, trouble, likeness }) => ({
      name,
      key,
      bytes: made?.bytes.length ?? null,
      width: made?.width ?? null,
      height: made?.height ?? null,
      code: trouble?.code ?? null,
      currentBytes: current?.bytes.length ?? null,
      ssim: likeness.lossless,
      ssimToCurrent: likeness.current,
    })),
  };
}
