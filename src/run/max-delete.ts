/** How many objects a prune may remove: a number of them, or a share of all variants in percent. */
export type MaxDelete = { readonly objects: number } | { readonly percent: number };

export const DEFAULT_MAX_DELETE: MaxDelete = { percent: 10 };

export function isTooMuch(max: MaxDelete, going: number, staying: number): boolean {
  return 'objects' in max ? going > max.objects : going * 100 > max.percent * (going + staying);
}

export function maxDeleteText(max: MaxDelete): string {
  return 'objects' in max ? String(max.objects) : `${max.percent}%`;
}
